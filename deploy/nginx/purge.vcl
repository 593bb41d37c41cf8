# Varnish (with the vmod xkey) as the cache that PURGE_URL names: pages are kept for a day and
# dropped by key within the same second in which the site changes them.
vcl 4.1;
import xkey;
import std;

backend site { .host = "127.0.0.1"; .port = "8000"; }
acl site_machines { "127.0.0.1"; /* "10.0.0.0"/24; */ }

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ site_machines) { return (synth(405)); }
        set req.http.n = xkey.purge(req.http.Surrogate-Key);
        return (synth(200, "Dropped " + req.http.n));
    }
    if (req.http.Authorization || req.http.Cookie ~ "(^|;\s*)(__Host-session|sessionid)=") {
        return (pass);
    }
    if (req.method == "GET" || req.method == "HEAD") { unset req.http.Cookie; }
}

sub vcl_backend_response {
    set beresp.http.xkey = beresp.http.Surrogate-Key;
}

sub vcl_deliver {
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
}
