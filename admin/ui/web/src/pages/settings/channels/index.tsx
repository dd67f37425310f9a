// By whom mails, texts and push messages go out.
import { Alert, Badge, Button, Group, Loader, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { openConfirmModal } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconBellRinging, IconDeviceMobileMessage, IconEdit, IconMail, IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { Room } from '@/parts/Sections';
import { ChannelForm } from './ChannelForm';
import type { Channel } from './samples';
import { SendTest } from './SendTest';
import { words } from './words';

const glyphs = { email: IconMail, sms: IconDeviceMobileMessage, push: IconBellRinging };

export function Channels() {
  const t = useT(words);
  return (
    <Room title={t('channels')} text={t('channelsText')}>
      {(['email', 'sms', 'push'] as const).map((c) => <One key={c} channel={c} />)}
    </Room>
  );
}

function One({ channel }: { channel: Channel }) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const [doing, setDoing] = useState<'edit' | 'test'>();
  const { data: c, isError, error } = useQuery({ queryKey: ['channels', channel], queryFn: async () => (await http.GET('/api/v1/channels/{channel}', { params: { path: { channel } } })).data! });
  const changed = () => { void client.invalidateQueries({ queryKey: ['channels'] }); notifications.show({ color: 'green', message: t('saved') }); };
  const back = () => openConfirmModal({
    title: t('backTo'), children: <Text size="sm">{t('backText')}</Text>, labels: { confirm: t('backTo'), cancel: t('cancel') }, confirmProps: { color: 'red' },
    onConfirm: () => void http.DELETE('/api/v1/channels/{channel}', { params: { path: { channel } } }).then(changed, sayProblem),
  });
  const Glyph = glyphs[channel], name = channel === 'email' ? t('email') : t(channel);
  return (
    <Paper withBorder radius="md" p="md" component="section" aria-label={name}>
      {isError ? <Alert color="red" role="alert">{error.message}</Alert> : !c ? <Loader size="sm" aria-label={t('loading')} /> : (
        <Group justify="space-between" align="flex-start" gap="sm">
          <Group gap="md" align="flex-start" wrap="nowrap" style={{ flex: 1, minWidth: 240 }}>
            <ThemeIcon size={38} variant="light" radius="md"><Glyph size={21} stroke={1.6} /></ThemeIcon>
            <Stack gap={4}>
              <Group gap="xs"><Title order={3} size="h5">{name}</Title><Badge variant="light" tt="none" color={c.source === 'none' ? 'yellow' : 'green'}>{c.source === 'none' ? t('noneSet') : t(c.source)}</Badge></Group>
              <Text size="sm" c={c.source === 'company' ? undefined : 'dimmed'}>{c.source === 'none' ? t('noneText') : c.source === 'installation' ? t('installationText') : summary(c, t(c.kind))}</Text>
            </Stack>
          </Group>
          <Group gap="xs">
            {can('channel.create') && c.source !== 'none' && <Button size="xs" variant="default" leftSection={<IconSend size={15} />} onClick={() => setDoing('test')}>{t('sendTest')}</Button>}
            {can('channel.update') && <Button size="xs" variant={c.source === 'none' ? 'filled' : 'light'} color={c.source === 'company' ? 'green' : undefined} leftSection={<IconEdit size={15} />} onClick={() => setDoing('edit')} aria-label={`${c.source === 'company' ? t('edit') : t('setOwn')}: ${name}`}>{c.source === 'company' ? t('edit') : t('setOwn')}</Button>}
            {can('channel.delete') && c.source === 'company' && <Button size="xs" variant="subtle" color="red" onClick={back}>{t('backTo')}</Button>}
          </Group>
        </Group>
      )}
      {doing === 'edit' && c && <ChannelForm channel={channel} name={name} shown={c} onClose={() => setDoing(undefined)} onSaved={changed} />}
      {doing === 'test' && <SendTest channel={channel} name={name} onClose={() => setDoing(undefined)} />}
    </Paper>
  );
}

/** What tells this provider from another, in one line. */
function summary(c: Schemas['ChannelShown'], kind: string): string {
  const where = c.host ? c.host + (c.port ? `:${c.port}` : '') : c.url?.replace(/^(https?:\/\/[^/]+).*/, '$1');
  return [kind, where, c.from ?? c.subject].filter(Boolean).join(' · ');
}
