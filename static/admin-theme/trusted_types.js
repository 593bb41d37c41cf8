// Where the browser knows Trusted Types, the admin's one policy (settings: CONTENT_SECURITY_POLICY).
// jQuery, Select2 and the editor write HTML as text, and people paste from Word: that may be any
// HTML, since the policy of the page lets nothing in it run. Text never becomes a script or the
// address of one: there is no createScript and no createScriptURL.
window.trustedTypes?.createPolicy("default", { createHTML: (text) => text });
