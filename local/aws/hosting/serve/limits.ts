/** Bytes of a request and of an answer (Developer Guide, "Model Hosting FAQs": 6 MB, serverless 4 MB). */
export const maxBytes = 6 * 1024 * 1024;
export const maxServerlessBytes = 4 * 1024 * 1024;
