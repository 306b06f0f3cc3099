# The serving image: gunicorn and the models, without TensorFlow, compilers or pip.
# It runs as a user without a name and writes to /var/lib/inkloop and /tmp alone.

# another base must have Python 3.11 as `python`
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS builder
# pip's own settings, for machines that reach PyPI through a mirror or bring wheels along
ARG PIP_INDEX_URL PIP_FIND_LINKS PIP_NO_INDEX
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/inkloop
COPY requirements-serve.txt .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --quiet -r requirements-serve.txt \
    && /opt/venv/bin/pip uninstall --quiet --yes pip setuptools \
    && find /opt/venv -type d -name tests -prune -exec rm -rf {} + \
    && find /opt/venv -path '*/wordfreq/data/*' -type f ! -name large_en.msgpack.gz \
        ! -regex '.*/small_\(d[ae]\|es\|f[ir]\|i[dt]\|n[bl]\|pt\|sv\)\.msgpack\.gz' -delete
COPY . .
# the root is read-only later: what is not compiled now is compiled at every start
RUN python -m compileall -q --invalidation-mode unchecked-hash app migrations

FROM ${BASE}
LABEL org.opencontainers.image.title="Inkloop" \
      org.opencontainers.image.description="Reads handwriting and learns from its mistakes" \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FLASK_APP=app:create_app \
    HOST=0.0.0.0 \
    INKLOOP_VAR=/var/lib/inkloop \
    INKLOOP_DATA=/var/lib/inkloop/data \
    INKLOOP_MODELS=/var/lib/inkloop/models \
    PROMETHEUS_MULTIPROC_DIR=/tmp/inkloop-metrics
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/inkloop
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /srv/inkloop /srv/inkloop
WORKDIR /srv/inkloop
USER 10001:10001
VOLUME /var/lib/inkloop
EXPOSE 5000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "app.probe"]
CMD ["/bin/sh", "-c", "flask db upgrade && exec gunicorn"]
