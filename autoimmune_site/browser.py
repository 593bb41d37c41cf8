"""What every answer tells the browser to refuse on our readers' and editors' behalf.

The policies stand in settings (READERS_POLICY and its two variants); docs/security.md says why
each part is there. Readers' pages carry no nonce: they are kept as finished bytes and shared.
"""

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpResponseNotAllowed

METHODS = ("GET", "HEAD", "POST", "OPTIONS")

# Everything that a browser lets pages ask for and that no page of ours asks for. Passkeys are
# the exception: their two features stay with our own pages.
_OFF = (
    "accelerometer",
    "ambient-light-sensor",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "web-share",
    "window-management",
    "xr-spatial-tracking",
)
PERMISSIONS = ", ".join(
    [f"{name}=()" for name in _OFF]
    + ["publickey-credentials-get=(self)", "publickey-credentials-create=(self)"]
)


class Policy(CSPMiddleware):
    """The content security policy of the room that an address belongs to."""

    def get_policy_parts(self, request, response, report_only=False):
        """As django-csp does it; the admin's policy is the one in CONTENT_SECURITY_POLICY."""
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and not request.path_info.startswith("/admin/"):
            accounts = request.path_info.startswith("/accounts/")
            parts.config = settings.ACCOUNTS_POLICY if accounts else settings.READERS_POLICY
            parts.nonce = None
        return parts


def refuse_on_their_behalf(get_response):
    """Unknown methods are refused, TRACE among them; and no other site may embed what we serve
    or lend it a device."""

    def answer(request):
        known = request.method in METHODS
        response = get_response(request) if known else HttpResponseNotAllowed(METHODS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return answer
