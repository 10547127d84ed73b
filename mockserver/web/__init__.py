"""API over HTTP: the only package of the server that imports aiohttp, besides `testing` and `cli`."""
