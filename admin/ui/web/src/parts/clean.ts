/** clean leaves out what was not filled in: the API takes an absent field for "not set". */
export function clean<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== '' && v !== null && v !== undefined)) as T;
}

/** filled refuses an empty field; for the validate of a form. */
export const filled = (message: string) => (v: unknown) => (v === '' || v === null || v === undefined || (typeof v === 'string' && !v.trim()) ? message : null);
