# Two images of one source: `hub` (web, ingest, worker, migrate) and `node` (a camera node, for the
# profile `sim`). Every wheel is held to its hash; compilers and Node.js stay in the build stage.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY pyproject.toml README.md LICENSE Makefile ./
COPY requirements requirements
COPY edge edge
COPY hub hub
COPY firmware-config firmware-config
COPY dashboards/web dashboards/web
RUN make web
RUN python -m venv /opt/hub \
    && /opt/hub/bin/python -m pip install --no-cache-dir --require-hashes -r requirements/hub.txt \
    && .venv/bin/python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/hub/bin/python -m pip install --no-cache-dir --no-deps /wheels/*.whl
RUN python -m venv /opt/node \
    && /opt/node/bin/python -m pip install --no-cache-dir --require-hashes -r requirements/run.txt \
    && /opt/node/bin/python -m pip install --no-cache-dir --no-deps /wheels/*.whl

FROM python:3.11-slim-bookworm AS base
LABEL org.opencontainers.image.title="Cheongsa" \
      org.opencontainers.image.licenses="AGPL-3.0-or-later"
RUN useradd --system --uid 10001 --no-create-home cheongsa
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001

FROM base AS node
COPY --from=build /opt/node /opt/node
ENV PATH=/opt/node/bin:$PATH EDGE_DATA_DIR=/data
ENTRYPOINT ["python", "-m", "edge"]
CMD ["run"]

FROM base AS hub
COPY --from=build /opt/hub /opt/hub
COPY --from=build /src/dashboards/web/build /srv/web
COPY --from=build /wheels /srv/wheels
ENV PATH=/opt/hub/bin:$PATH HUB_WEB_DIR=/srv/web HUB_HOST=0.0.0.0 \
    HUB_METRICS_HOST=0.0.0.0 HUB_METRICS_PORT=9100
# Each program tells its figures on this port: one that does not is not well.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:9100/metrics', timeout=4)"]
ENTRYPOINT ["python", "-m", "hub"]
CMD ["web"]
