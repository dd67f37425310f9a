// From a refusal of the API to what a person sees.
import { notifications } from '@mantine/notifications';
import { Problem } from '@/api/client';

/** fieldErrors are the refused fields of a form, by their path: {'admin.email': '…'}. */
export function fieldErrors(err: unknown): Record<string, string> {
  if (!(err instanceof Problem)) return {};
  return Object.fromEntries((err.body.errors ?? []).map((e) => [e.field, e.message]));
}

/** sayProblem shows what no field of a form stands for. */
export function sayProblem(err: unknown): void {
  const problem = err instanceof Problem ? err : undefined;
  const fields = problem?.body.errors?.map((e) => `${e.field}: ${e.message}`).join('\n');
  notifications.show({
    color: 'red', title: problem?.body.title, message: fields || (err instanceof Error ? err.message : String(err)), autoClose: 8000,
  });
}
