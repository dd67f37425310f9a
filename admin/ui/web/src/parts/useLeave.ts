// A page's form asks before its changes are thrown away, by a link or by closing the tab.
import { useBlocker } from '@tanstack/react-router';
import { useT } from '@/i18n';

export function useLeave(dirty: boolean): void {
  const t = useT();
  useBlocker({ shouldBlockFn: () => dirty && !window.confirm(`${t('leave')} ${t('leaveText')}`), enableBeforeUnload: dirty, disabled: !dirty });
}
