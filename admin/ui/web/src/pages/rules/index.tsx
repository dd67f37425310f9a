// Who is told of what, and the rules that make events of their own.
import { Box, Stack, Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { NotificationList } from './NotificationList';
import { RuleList } from './RuleList';
import { words } from './words';

export { NotificationForm } from './NotificationForm';
export { RuleForm } from './RuleForm';

export function Rules() {
  const t = useT(words);
  const can = useCan(), me = useMe();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as { tab?: string; owner?: string };
  const tab = params.tab === 'rules' && can('rule.read') ? 'rules' : 'notifications';
  const set = (change: Record<string, string | undefined>) => void navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never);
  const filter = isStaff(me) && can('customer.read') && <CustomerSelect aria-label={t('owner')} placeholder={t('anyOwner')} w={210} value={params.owner ?? ''} onChange={(v) => set({ owner: v || undefined })} />;
  return (
    <Stack gap={0} h="100%">
      {can('rule.read') && (
        <Tabs value={tab} onChange={(v) => void navigate({ to: '.', search: { tab: v === 'rules' ? v : undefined, owner: params.owner } } as never)} px="md" pt="xs">
          <Tabs.List aria-label={t('title')}><Tabs.Tab value="notifications">{t('notifications')}</Tabs.Tab><Tabs.Tab value="rules">{t('rules')}</Tabs.Tab></Tabs.List>
        </Tabs>
      )}
      <Box style={{ flex: 1, minHeight: 0 }}>{tab === 'rules' ? <RuleList filter={filter} /> : <NotificationList filter={filter} />}</Box>
    </Stack>
  );
}
