// A form in a window: asterisks, the API's refusals at their fields, and a
// question before changes are thrown away.
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useWindowEvent } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { Problem } from '@/api/client';
import { useT } from '@/i18n';
import { fieldErrors } from './problems';

interface Props<V> {
  opened: boolean;
  onClose: () => void;
  title: string;
  form: UseFormReturnType<V>;
  /** Sends it; what it throws is shown. It closes the window by returning. */
  onSubmit: (values: V) => Promise<unknown>;
  submitLabel?: string;
  /** What it sends can do harm: the button is red. */
  danger?: boolean;
  /** It cannot be sent yet, such as for a password against the policy. */
  blocked?: boolean;
  size?: string | number;
  /** It shows something else once it was sent, and closes by itself. */
  keepOpen?: boolean;
  children: ReactNode;
}

export function FormDialog<V>({ opened, onClose, title, form, onSubmit, submitLabel, danger, blocked, size = 'lg', keepOpen, children }: Props<V>) {
  const t = useT();
  const { busy, failure, send } = useSubmit(form, onSubmit, keepOpen ? undefined : onClose);
  const [asking, setAsking] = useState(false);
  const close = () => (form.isDirty() && !busy ? setAsking(true) : onClose());
  useWindowEvent('beforeunload', (e) => { if (opened && form.isDirty()) e.preventDefault(); });
  return (
    <Modal opened={opened} onClose={close} title={title} size={size} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={form.onSubmit(send)} noValidate>
        <Stack gap="sm">
          {failure && <Alert color="red" role="alert">{failure}</Alert>}
          {children}
          {asking ? (
            <Alert color="yellow" title={t('leave')} role="alertdialog">
              <Text size="sm" mb="xs">{t('leaveText')}</Text>
              <Group gap="xs"><Button size="xs" variant="default" onClick={() => setAsking(false)}>{t('stay')}</Button>
                <Button size="xs" color="red" onClick={() => { setAsking(false); onClose(); }}>{t('discard')}</Button></Group>
            </Alert>
          ) : (
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>{t('cancel')}</Button>
              <Button type="submit" color={danger ? 'red' : undefined} loading={busy} disabled={blocked}>{submitLabel ?? t('save')}</Button>
            </Group>
          )}
        </Stack>
      </form>
    </Modal>
  );
}

/** useSubmit sends a form and puts refusals at their fields; what has no field is the failure. */
export function useSubmit<V>(form: UseFormReturnType<V>, onSubmit: (values: V) => Promise<unknown>, onDone?: () => void) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const send = async (values: V) => {
    setBusy(true);
    setFailure('');
    try {
      await onSubmit(values);
      form.resetDirty();
      onDone?.();
    } catch (err) {
      const errors = fieldErrors(err), paths = Object.keys(errors);
      const known = paths.filter((p) => form.getInputNode(p) || form.getInputProps(p).value !== undefined);
      form.setErrors(Object.fromEntries(known.map((p) => [p, errors[p]])));
      form.getInputNode(known[0] ?? '')?.focus();
      const rest = paths.filter((p) => !known.includes(p)).map((p) => `${p}: ${errors[p]}`);
      if (!known.length || rest.length) setFailure(rest.join('\n') || (err instanceof Problem ? err.message : String(err)));
    } finally {
      setBusy(false);
    }
  };
  return { busy, failure, send, setFailure };
}
