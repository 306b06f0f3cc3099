// Swagger UI over our own /openapi.json, under the same content policy as every page.

// Its Markdown writes HTML, which the policy refuses; our descriptions are plain prose.
const plainProse = ({ React }) => ({
  wrapComponents: {
    Markdown: () => ({ source }) => source && React.createElement("p", null, source),
  },
});

window.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#operations",
  deepLinking: true,
  plugins: [plainProse],
  validatorUrl: null, // nothing leaves this host
});
