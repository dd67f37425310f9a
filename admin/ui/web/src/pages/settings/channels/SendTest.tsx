// A message now, through the sender that alerts take; what the provider said is shown.
import { Alert, Anchor, Button, Code, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link } from '@tanstack/react-router';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import { filled } from '@/parts/clean';
import { useSubmit } from '@/parts/FormDialog';
import type { Channel } from './samples';
import { words } from './words';

export function SendTest({ channel, name, onClose }: { channel: Channel; name: string; onClose: () => void }) {
  const t = useT(words);
  const me = useMe();
  const [answer, setAnswer] = useState<Schemas['ChannelTest']>();
  const form = useForm({ initialValues: { to: channel === 'email' ? me.user.email : (me.user.phone ?? '') }, validate: { to: channel === 'push' ? () => null : filled(t('required')) } });
  const { busy, failure, send } = useSubmit(form, async ({ to }) => {
    setAnswer(undefined);
    setAnswer((await http.POST('/api/v1/channels/{channel}/test', { params: { path: { channel } }, body: channel === 'push' ? {} : { to: to.trim() } })).data);
  });
  return (
    <Modal opened onClose={onClose} title={`${t('sendTest')}: ${name}`} closeButtonProps={{ 'aria-label': t('close') }}>
      <form noValidate onSubmit={form.onSubmit(send)}>
        <Stack>
          {failure && <Alert color="red" role="alert">{failure}</Alert>}
          {channel === 'push' ? <Text size="sm">{t('testPush')} <Anchor component={Link} to={'/profile' as string} search={{ tab: 'alerts' } as never} size="sm">{t('toProfile')}</Anchor></Text>
            : <TextInput label={t('testTo')} required data-autofocus type={channel === 'email' ? 'email' : 'tel'} placeholder={channel === 'sms' ? '+573001234567' : undefined} {...form.getInputProps('to')} />}
          {answer && (
            <Alert color={answer.ok ? 'green' : 'red'} role="status" icon={answer.ok ? <IconCheck /> : <IconX />} title={answer.ok ? t('taken') : t('refused')}>
              <Text size="xs" c="dimmed" mb={4}>{[answer.provider, t('took', { n: answer.took }), answer.parts ? t('parts', { n: answer.parts }) : '', answer.id].filter(Boolean).join(' · ')}</Text>
              {(answer.answer || answer.error) && <><Text size="xs" fw={600}>{t('answerOf')}</Text><Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{answer.error || answer.answer}</Code></>}
            </Alert>
          )}
          <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('close')}</Button><Button type="submit" loading={busy}>{t('sendTest')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
