// A plain question before something is deleted; customers have a stricter one.
import { Text } from '@mantine/core';
import { openConfirmModal } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import type { T } from '@/i18n';
import { sayProblem } from './problems';

/** confirmDelete asks, does it, and says how it went. */
export function confirmDelete(t: T<never>, what: string, text: string, remove: () => Promise<unknown>, done: () => void, words: { confirm?: string; done?: string } = {}): void {
  openConfirmModal({
    title: `${words.confirm ?? t('delete')}: ${what}`, children: <Text size="sm">{text}</Text>,
    labels: { confirm: words.confirm ?? t('delete'), cancel: t('cancel') }, confirmProps: { color: 'red' },
    onConfirm: () => remove().then(() => { notifications.show({ color: 'green', message: words.done ?? t('deleted') }); done(); }, sayProblem),
  });
}
