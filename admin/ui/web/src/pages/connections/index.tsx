// Customers' own brokers, and what new connections have in common.
import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { ConnectionsOf } from './List';
import { ConnectionTemplates } from './Templates';
import { words } from './words';

export { ConnectionPage } from './Detail';

export function Connections() {
  const t = useT(words);
  const can = useCan();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const which = can('connectionTemplate.read') && (
    <SegmentedControl aria-label={t('which')} value={params.show === 'templates' ? 'templates' : 'connections'}
      onChange={(v) => navigate({ to: '.', search: { show: v === 'templates' ? v : undefined }, replace: true } as never)}
      data={[{ value: 'connections', label: t('connections') }, { value: 'templates', label: t('templates') }]} />
  );
  return params.show === 'templates' ? <ConnectionTemplates filters={which} /> : <ConnectionsOf filters={which} />;
}
