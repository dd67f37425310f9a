// What everybody sees and changes about themselves.
import { Avatar, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCan, useMe } from '@/api/session';
import { useT } from '@/i18n';
import { ImagePicker, imageOf } from '@/parts/ImagePicker';
import { TokenList } from '@/parts/TokenList';
import { Alerts } from './Alerts';
import { OwnData } from './OwnData';
import { ChangePassword } from './ChangePassword';
import { SecondFactor } from './SecondFactor';
import { Sessions } from './Sessions';
import { words } from './words';

export function Profile() {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const client = useQueryClient();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const go = (tab: string | null) => navigate({ to: '.', search: { tab: tab && tab !== 'data' ? tab : undefined }, replace: true } as never);
  const tokens = can('token.create') && !me.by;
  return (
    <Stack p="md" maw={880}>
      <Group>
        {!can('image.read') && <Avatar name={me.user.name} color="initials" size={56} radius="xl" alt="" />}
        <div><Title order={1} size="h2">{me.user.name}</Title><Text size="sm" c="dimmed">{[me.user.username, me.company?.name].filter(Boolean).join(' · ')}</Text></div>
      </Group>
      {can('image.read') && <ImagePicker path="/api/v1/me/image" name={me.user.name} image={imageOf(me.user)} onChanged={() => client.invalidateQueries({ queryKey: ['me'] })} />}
      <Tabs value={params.tab ?? 'data'} onChange={go} keepMounted={false}>
        <Tabs.List aria-label={t('title')}>
          <Tabs.Tab value="data">{t('data')}</Tabs.Tab>
          {can('subscription.read') && !me.by && <Tabs.Tab value="alerts">{t('alerts')}</Tabs.Tab>}
          <Tabs.Tab value="security">{t('security')}</Tabs.Tab>
          <Tabs.Tab value="sessions">{t('sessions')}</Tabs.Tab>
          {tokens && <Tabs.Tab value="tokens">{t('tokens')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="data" pt="md"><OwnData /></Tabs.Panel>
        {can('subscription.read') && !me.by && <Tabs.Panel value="alerts" pt="md"><Alerts /></Tabs.Panel>}
        <Tabs.Panel value="security" pt="md"><Stack gap="xl"><ChangePassword /><SecondFactor /></Stack></Tabs.Panel>
        <Tabs.Panel value="sessions" pt="md"><Sessions /></Tabs.Panel>
        {tokens && <Tabs.Panel value="tokens" pt="md"><TokenList /></Tabs.Panel>}
      </Tabs>
    </Stack>
  );
}
