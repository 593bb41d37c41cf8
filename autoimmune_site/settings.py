"""All settings, fed by the environment (see environment.py for each variable)."""

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django_prose_editor.config import html_tags
from js_asset import static_lazy

from . import connections
from .environment import Environment, refuse

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(os.environ, BASE_DIR)

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret_key(DEBUG)
SECRET_KEY_FALLBACKS = env.former_keys()
ALLOWED_HOSTS = env.hosts()
SITE_URL = env.site_url(ALLOWED_HOSTS)
STAFF_MFA = env.choice("STAFF_MFA", ("required", "optional"))
DEMO_PASSWORD = env.text("DEMO_PASSWORD")
SOURCE_LOOKUP = env.choice("SOURCE_LOOKUP", ("on", "off"))
CONTACT_EMAIL = env.address("CONTACT_EMAIL")
SITE_FUNDING = env.text("SITE_FUNDING")
SECURITY_CONTACT = env.contact("SECURITY_CONTACT", SITE_URL)
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0, 0, 9)
PORT = env.number("PORT", 8000, 1, 65535)
WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", 2, 1, 64)
HTTPS = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "autoimmune_site.apps.SiteConfig",
    "autoimmune_site.apps.SiteAdminConfig",
    "search",
    "articles",
    "claims",
    "therapies",
    "evidence",
    "editorial",
    "taggit",
    "django_prose_editor",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "autoimmune_site.middleware.acknowledge",
    "autoimmune_site.middleware.head_without_body",
    "autoimmune_site.middleware.fetch_ahead",
    "autoimmune_site.middleware.open_to_machines",
    "django.middleware.security.SecurityMiddleware",
    "autoimmune_site.browser.refuse_on_their_behalf",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "autoimmune_site.browser.Policy",
    "autoimmune_site.deadlines.keep_from_waiting",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "autoimmune_site.sessions.keep_within_limits",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "autoimmune_site.urls"
WSGI_APPLICATION = "autoimmune_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "autoimmune_site.quick_templates.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "autoimmune_site.context.site",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database. SQLite is opened so that an acknowledged write survives a kill and writers queue.
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{BASE_DIR}/var/db.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["CONN_MAX_AGE"] = None  # opening the file anew took a tenth of a page
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"] = connections.patient(DATABASES["default"])
    INSTALLED_APPS.append("django.contrib.postgres")
if replica := env.database("REPLICA_DATABASE_URL"):
    if replica["ENGINE"].endswith("sqlite3"):
        refuse("REPLICA_DATABASE_URL", "names an SQLite file. A replica must be PostgreSQL.")
    if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        refuse("REPLICA_DATABASE_URL", "is set, but DATABASE_URL names no PostgreSQL.")
    DATABASES["replica"] = connections.patient(replica)
    DATABASE_ROUTERS = ["autoimmune_site.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache()}
# Readers' pages kept as finished bytes in each process (page_cache/), and who else is told of
# changes: a cache in front of the site.
PAGE_CACHE_BYTES = env.number("PAGE_CACHE_MB", 24, 0, 4096) * 1024 * 1024
PURGE_URL = env.purge_url()
vars().update(env.email())
EMAIL_TIMEOUT = 5  # seconds; an act of an editor waits no longer for the mail server
DEFAULT_FROM_EMAIL = f"Autoimmune Evidence <no-reply@{SITE_URL.split('//')[1].split(':')[0]}>"

# People
AUTH_USER_MODEL = "editorial.User"
PASSWORD_RESET_TIMEOUT = 3600  # seconds; the letter says so
AUTHENTICATION_BACKENDS = ["autoimmune_site.accounts.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "autoimmune_site.accounts.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False  # the browser forgets at its end; sessions.py ends it before
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600  # seconds; see proving.py
ACCOUNT_EMAIL_NOTIFICATIONS = True  # who did not change their password learns that it was changed
# Counted in the cache, which all processes and machines share (CACHE_URL).
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are given by an administrator
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # http://localhost while trying the site out
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Autoimmune Evidence"
SESSION_ENGINE = "autoimmune_site.session_store"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
SESSION_COOKIE_SAMESITE = "Lax"

# Words, dates
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TAGGIT_CASE_INSENSITIVE = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.text("MEDIA_ROOT", str(BASE_DIR / "var" / "media"))
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Not worth compressing: formats that are so already, and source maps, which nobody loads.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["png", "jpg", "webp", "avif", "ico", "woff2", "gz", "map"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # a list of 500 chosen rows, a therapy with many facts
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# The rich text editor's own extensions: script for the browser, allowlist for the server.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("editor/citation.js")],
        "extensions": {"Citation": html_tags(["cite"], {"cite": ["data-source"]})},
    },
    {
        "js": [static_lazy("editor/picture.js")],
        "extensions": {"Picture": html_tags(["figure"], {"figure": ["data-image"]})},
    },
    {"js": [static_lazy("editor/findings.js")], "extensions": {"Findings": html_tags([])}},
    {"js": [static_lazy("editor/desk.js")], "extensions": {"Desk": html_tags([])}},
]

# Plain buttons: the stock drop-down of headings cannot be reached by keyboard.
DJANGO_PROSE_EDITOR_MENU_GROUPS = [
    {"group": group}
    for group in (
        "blockType -lists",
        "lists",
        "nodes -blockType -lists",
        "marks",
        "link",
        "table",
        "history",
    )
]

# Browser side: three policies, see browser.py. Readers' pages: no nonce, no text becomes script.
READERS_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "manifest-src": [SELF],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": [NONE],
    "upgrade-insecure-requests": HTTPS,
}
# The picture of a new authenticator's key stands in the page itself.
ACCOUNTS_POLICY = READERS_POLICY | {"img-src": [SELF, "data:"]}
# The stock admin: the editor's import map needs a nonce, and its libraries (jQuery, Select2,
# Tiptap) write HTML as text, by the one policy of static/admin-theme/trusted_types.js.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": READERS_POLICY
    | {"script-src": [SELF, NONCE], "style-src": [SELF, NONCE], "img-src": [SELF, "data:"]}
    | {"trusted-types": ["default"]}
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # A name that browsers accept only with Secure, for the whole host and from no other one.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

CSRF_FAILURE_VIEW = "autoimmune_site.error_pages.csrf_failure"

# Seeing it run (logs.py, metrics.py)
METRICS_TOKEN = env.token("METRICS_TOKEN")
METRICS_FOLDER = BASE_DIR / "var" / "metrics"
SLOW_QUERY_MS = env.number("SLOW_QUERY_MS", 500, 0, 600_000)
LOG_FORMAT = env.choice("LOG_FORMAT", ("text", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "autoimmune_site.logs.JsonLines"},
        "text": {"()": "autoimmune_site.logs.PlainLines"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
        "count": {"class": "autoimmune_site.metrics.CountErrors"},
    },
    "root": {"handlers": ["console", "count"], "level": "WARNING"},
    "loggers": {
        # A line for each request only where a machine reads them.
        "site.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        # Django would mail errors to administrators and print them a second time.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
