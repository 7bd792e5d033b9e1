import words from '../../../../openapi/faults/zh-CN.json';

/** What the server's codes mean to somebody at a desk, keyed by the code itself; the server's own problems say the same. */
export const fault = words;
