// Plain JavaScript, since the set-up of the npm packages reads it too, on whatever Node there is.

/** What the tools that install things say, and what to do about it; the first that fits. */
const ADVICE = [
  [
    /ENOSPC|EDQUOT|no space left on device/i,
    "The disk is full: make room (the whole set-up takes about 6 GB), or put the cache on another disk with TRAINING_CACHE_DIR.",
  ],
  [
    /SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|certificate/i,
    "A certificate is not trusted, as behind a company's proxy: name its CA file in NODE_EXTRA_CA_CERTS (npm) and SSL_CERT_FILE (uv, Go).",
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|dial tcp|dns error|error sending request|timed out/i,
    "No answer from the package registry: check the network, HTTPS_PROXY behind a proxy, and the address (npm config get registry, GOPROXY, UV_DEFAULT_INDEX).",
  ],
  [/EACCES|EPERM|EROFS|permission denied/i, "A folder belongs to another user, or may not be written."],
];

/**
 * The next step after a failed installation; empty when there is none to tell.
 *
 * @param {string} output what the tool printed
 */
export function advice(output) {
  const found = ADVICE.find(([pattern]) => pattern.test(output));
  return found ? `\n${found[1]}` : "";
}
