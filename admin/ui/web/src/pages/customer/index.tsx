import { Alert, Center, Loader, Stack, Tabs, Title, Button } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Suspense, useEffect } from 'react';
import { isProblem } from '@/api/client';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import { useCustomer } from './data';
import { Header } from './Header';
import { Missing } from './Missing';
import { tabs } from './tabs';
import { words } from './words';
import './panel.css';

/** Everything of one customer, in tabs; the open one stands in the address. */
export function CustomerPanel() {
  const { id } = useParams({ strict: false }) as { id: string };
  return <Panel key={id} id={id} />;
}

function Panel({ id }: { id: string }) {
  const t = useT(words);
  const me = useMe();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const query = useCustomer(id);
  useEffect(() => { // the open tab may stand beyond the edge
    document.querySelector('.panel-tabs [aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [params.tab, query.isSuccess]);
  if (query.isPending) return <Center p="xl"><Loader aria-label={t('loading')} /></Center>;
  if (isProblem(query.error, 404)) {
    return <Center p="xl"><Stack align="center"><Title order={1} size="h2">{t('gone')}</Title><Button component={Link} to="/customers">{t('toList')}</Button></Stack></Center>;
  }
  if (query.isError) return <Alert m="md" color="red" role="alert">{query.error.message}</Alert>;
  const customer = query.data;
  const shown = tabs.filter((tab) => tab.when(me, customer));
  const open = shown.find((tab) => tab.key === params.tab) ?? shown[0];
  // A tab begins with its own search and order, not with those of the last one.
  const go = (key: string | null) => navigate({ to: '.', search: { tab: key ?? undefined } } as never);
  return (
    <Stack p="md" gap="md">
      <Header customer={customer} counted={shown.filter((tab) => tab.count && (tab.key !== 'inner' || tab.count(customer) > 0))} onTab={go} />
      <Missing customer={customer} />
      {open && (
        <Tabs value={open.key} onChange={go} keepMounted={false} classNames={{ list: 'panel-tabs' }}>
          <Tabs.List aria-label={t('panel')}>
            {shown.map((tab) => <Tabs.Tab key={tab.key} value={tab.key} leftSection={<tab.icon size={16} stroke={1.6} />}>{t(tab.word)}</Tabs.Tab>)}
          </Tabs.List>
          {shown.map((tab) => (
            <Tabs.Panel key={tab.key} value={tab.key} pt="md">
              <Suspense fallback={<Center p="xl"><Loader aria-label={t('loading')} /></Center>}><tab.view customer={customer} /></Suspense>
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Stack>
  );
}
