"""What every answer goes through."""


def head_without_body(get_response):
    """An answer to HEAD says how long the body would be and leaves it out, as RFC 9110 asks."""

    def answer(request):
        response = get_response(request)
        if request.method == "HEAD" and not response.streaming:
            length = response.headers.get("Content-Length", str(len(response.content)))
            response.content = b""
            response.headers["Content-Length"] = length
        return response

    return answer
