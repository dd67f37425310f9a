// From a tracker in its box to a device on the map, in one page.
import { Box, Button, Group, Paper, SimpleGrid, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconDeviceMobile, IconRouter } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useT } from '@/i18n';
import type { Device } from '@/pages/devices/data';
import { Fix } from './Fix';
import { Name } from './Name';
import { usePorts } from './ports';
import { SetUp } from './SetUp';
import { models, newPhoneId, type Kind } from './texts';
import { Waiting } from './Waiting';
import { words } from './words';

type Found = { uniqueId: string; heard: boolean };

export function Connect() {
  const t = useT(words);
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as { model?: string; customer?: string };
  const model = models.find((m) => m.kind === params.model);
  const [host, setHost] = useLocalStorage({ key: 'connect.host', defaultValue: location.hostname });
  const [apn, setApn] = useLocalStorage({ key: 'connect.apn', defaultValue: '' });
  const port = usePorts();
  const [ports, setPorts] = useState<Record<string, string>>({});
  const [password, setPassword] = useState<string>();
  const firstId = useMemo(() => newPhoneId(), []);
  const [phoneId, setPhoneId] = useState(firstId);
  const [found, setFound] = useState<Found>();
  const [made, setMade] = useState<Device>();

  const choose = (kind?: Kind) => {
    setFound(undefined); setMade(undefined); setPassword(undefined);
    setPhoneId(newPhoneId());
    void navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, model: kind }), replace: true } as never);
  };
  const text = { h02: t('h02Text'), gt06: t('gt06Text'), teltonika: t('teltonikaText'), phone: t('phoneText') };
  return (
    <Box p="md" maw={980} mx="auto">
      <Title order={1} size="h2">{t('title')}</Title>
      <Text c="dimmed" mb="md">{t('lead')}</Text>
      <Stack gap="md">
        <Step title={t('step1')} tools={model && <Button size="compact-sm" variant="subtle" onClick={() => choose()}>{t('change')}</Button>}>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" role="radiogroup" aria-label={t('step1')}>
            {models.filter((m) => !model || m === model).map((m) => {
              const Glyph = m.kind === 'phone' ? IconDeviceMobile : IconRouter;
              return (
                <UnstyledButton key={m.kind} role="radio" aria-checked={m === model} onClick={() => choose(m.kind)}>
                  <Paper withBorder p="md" radius="md" h="100%" style={m === model ? { borderColor: 'var(--mantine-primary-color-filled)', background: 'var(--mantine-primary-color-light)' } : undefined}>
                    <Glyph size={26} stroke={1.5} />
                    <Text fw={650} mt={6}>{m.kind === 'phone' ? t('phone') : `${m.maker} ${m.name}`}</Text>
                    <Text size="sm" c="dimmed">{text[m.kind]}</Text>
                  </Paper>
                </UnstyledButton>
              );
            })}
          </SimpleGrid>
        </Step>
        {model && !made && (
          <Step title={t('step2')}>
            <SetUp model={model} phoneId={phoneId} onPhoneId={setPhoneId}
              setting={{ host, apn, port: ports[model.kind] ?? port(model.kind), password: password ?? model.password ?? '' }}
              onSetting={(s) => { setHost(s.host); setApn(s.apn); setPassword(s.password); setPorts({ ...ports, [model.kind]: s.port }); }} />
          </Step>
        )}
        {model && !found && <Step title={t('step3')}><Waiting expected={model.kind === 'phone' ? phoneId : undefined} onPick={(s) => setFound({ uniqueId: s.uniqueId, heard: true })} onRegister={() => setFound({ uniqueId: model.kind === 'phone' ? phoneId : '', heard: false })} /></Step>}
        {model && found && !made && (
          <Step title={t('step4')} tools={<Button size="compact-sm" variant="subtle" onClick={() => setFound(undefined)}>{t('back')}</Button>}>
            <Name key={found.uniqueId} {...found} model={model.model} customer={params.customer} onMade={setMade} />
          </Step>
        )}
        {made && <Step title={t('step5')}><Fix device={made} onAnother={() => choose()} /></Step>}
      </Stack>
    </Box>
  );
}

function Step({ title, tools, children }: { title: string; tools?: ReactNode; children: ReactNode }) {
  return (
    <Paper component="section" aria-label={title} withBorder radius="md" p="md">
      <Group justify="space-between" mb="sm"><Title order={2} size="h4">{title}</Title>{tools}</Group>
      {children}
    </Paper>
  );
}
