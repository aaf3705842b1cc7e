# syntax=docker/dockerfile:1
FROM node:24.19.0-bookworm-slim AS base

FROM base AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts/no-download scripts/no-download
RUN npm ci
COPY .swcrc ./
COPY scripts/build.mjs scripts/build-web.mjs scripts/compile.mjs scripts/
COPY apps apps
COPY features features
COPY libs libs
RUN npm run build

FROM base AS runtime
WORKDIR /app
ENV NODE_ENV=production TRAPLINE_DATA_DIR=/data TRAPLINE_HOST=0.0.0.0
# 1883 is the id that Mosquitto's image uses: the broker can read the files of accounts that are private to us. The
# folders get their owner here, since a new volume takes it from the image.
RUN groupadd --gid 1883 trapline \
  && useradd --uid 1883 --gid 1883 --no-create-home --shell /usr/sbin/nologin trapline \
  && install --directory --owner=trapline --group=trapline /data /accounts/broker
COPY package.json package-lock.json .npmrc ./
COPY scripts/no-download scripts/no-download
RUN npm ci --omit=dev && npm cache clean --force
COPY --from=build /app/dist dist
COPY models models
COPY LICENSE NOTICE ./
COPY deploy/healthy.mjs deploy/
USER trapline
VOLUME /data
EXPOSE 3000 1883
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "deploy/healthy.mjs"]
CMD ["node", "dist/apps/station/main.js"]
