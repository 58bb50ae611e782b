# The server and the wallet that it serves, in one image.
#
# Before building, put the registrar's public keys (a JWKS file) at deploy/registrar.jwks.json: the wallet's release
# carries them, so that no server can name a registrar of its own.

FROM node:22-bookworm-slim AS wallet
WORKDIR /build/wallet_web
COPY wallet_web/package.json wallet_web/package-lock.json wallet_web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY protocols /build/protocols
COPY wallet_web ./
COPY deploy/registrar.jwks.json /build/registrar.jwks.json
RUN PDS_REGISTRAR_KEYS=/build/registrar.jwks.json npm run build

FROM python:3.11-slim-bookworm AS package
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/build.txt requirements/server.txt /build/requirements/
RUN python -m venv /build/tools \
 && /build/tools/bin/pip install --require-hashes --requirement /build/requirements/build.txt \
 && python -m venv /opt/pds \
 && /opt/pds/bin/pip install --require-hashes --requirement /build/requirements/server.txt
WORKDIR /build/source
COPY pyproject.toml README.md LICENSE ./
COPY protocols protocols
COPY pds pds
RUN /build/tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /build/dist . \
 && /opt/pds/bin/pip install --no-deps --no-index /build/dist/*.whl

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin pds \
 && install --directory --owner=pds --mode=0700 /var/lib/pds
COPY --from=package /opt/pds /opt/pds
COPY --from=wallet /build/wallet_web/dist /opt/wallet
COPY deploy/registrar.jwks.json /opt/registrar.jwks.json
ENV PATH=/opt/pds/bin:$PATH PYTHONUNBUFFERED=1 \
    PDS_WALLET=/opt/wallet PDS_REGISTRAR_KEYS=/opt/registrar.jwks.json PDS_HOST=0.0.0.0 PDS_PORT=8080
USER 10001
WORKDIR /var/lib/pds
EXPOSE 8080
ENTRYPOINT ["pds"]
CMD ["serve"]
