// For the container's health check: 0 while the service answers. The image has no curl.
const port = process.env.TRAPLINE_HTTP_PORT || 3000;
const answer = await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => undefined);
process.exitCode = answer?.ok ? 0 : 1;
