"""Fast path: plain API requests, answered without aiohttp's task, router, request, response and writer."""
