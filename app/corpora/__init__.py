"""Written material to learn from: MNIST and UNIPEN, found, verified and parsed."""
