// The bell of every page: how many alarms are open, and their sound.
import { ActionIcon, Alert, Anchor, Button, Group, Indicator, Popover, Stack, Switch, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBell, IconBellOff, IconVolumeOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useNames } from '@/api/names';
import { useT } from '@/i18n';
import { isUnseen, useWant, useWorld, type World } from '@/live';
import { byUrgency, ringing, severityOf, toneOfSeverity, useWhat } from '@/live/attention';
import { Ago } from '@/parts/time';
import { siren } from './sound';
import { useSound } from './useSound';
import { bellWords } from './words';

const SHOWN = 6;
const open = (w: World) => w.alarms.size;
const unseen = (w: World) => { let n = 0; for (const a of w.alarms.values()) if (isUnseen(a)) n++; return n; };
const loudest = (w: World) => ringing(w.alarms.values());

export function Bell() {
  const t = useT(bellWords);
  useWant('none');
  const n = useWorld(open), rings = useWorld(loudest), fresh = useWorld(unseen);
  const sound = useSound();
  const [opened, { toggle, close }] = useDisclosure();
  useEffect(() => { siren.ring(sound.on ? rings : undefined); }, [sound.on, rings]);
  useEffect(() => () => siren.ring(undefined), []);
  useEffect(() => { // the tab says it even when another page is looked at
    const name = document.title.replace(/^\(\d+\) /, '');
    document.title = n ? `(${n}) ${name}` : name;
    return () => { document.title = name; };
  }, [n]);
  useEffect(() => { // any click lets the page be heard
    if (!sound.blocked) return;
    window.addEventListener('click', siren.allow, { once: true });
    return () => window.removeEventListener('click', siren.allow);
  }, [sound.blocked]);
  return (
    <Popover opened={opened} onClose={close} position="bottom-end" width={340} shadow="md" trapFocus>
      <Popover.Target>
        <Tooltip label={t('bell', { n })} disabled={opened}>
          <Indicator label={n > 99 ? '99+' : n} disabled={!n} size={17} offset={5} color={rings === 'critical' ? 'red.8' : fresh ? 'orange.9' : 'gray.7'} styles={{ indicator: { fontSize: 11, fontWeight: 650, padding: '0 4px', pointerEvents: 'none' } }}>
            <ActionIcon variant="subtle" color="gray" size={34} aria-label={t('bell', { n })} aria-expanded={opened} onClick={toggle}>{sound.on ? <IconBell size={20} /> : <IconBellOff size={20} />}</ActionIcon>
          </Indicator>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={0}>{opened && <Content close={close} />}</Popover.Dropdown>
    </Popover>
  );
}

const gravest = (w: World) => [...w.alarms.values()].sort(byUrgency).slice(0, SHOWN);

function Content({ close }: { close: () => void }) {
  const t = useT(bellWords), what = useWhat();
  const sound = useSound();
  const list = useWorld(gravest);
  const name = useNames({ devices: list.map((a) => a.device), fences: list.map((a) => a.fence) });
  return (
    <Stack gap={0}>
      <Group justify="space-between" px="md" pt="sm" pb={6} wrap="nowrap"><Text fw={650}>{t('alarmsTitle')}</Text><Anchor component={Link} to={'/alarms' as string} size="sm" onClick={close}>{t('allAlarms')}</Anchor></Group>
      <SoundBlocked m="xs" mt={0} />
      {!list.length && <Text size="sm" c="dimmed" px="md" pb="sm">{t('calm')}</Text>}
      {list.map((a) => (
        <UnstyledButton key={a.id} component={Link} to={`/alarms?id=${a.id}` as string} onClick={close} px="md" py={7} style={{ display: 'flex', gap: 10, alignItems: 'baseline' }}>
          <span style={{ width: 9, height: 9, borderRadius: 9, flex: 'none', background: `var(--mantine-color-${toneOfSeverity[severityOf(a)]}-6)`, opacity: isUnseen(a) ? 1 : 0.45 }} />
          <span style={{ minWidth: 0, flex: 1 }}><Text span display="block" size="sm" fw={600} truncate>{name(a.device)}</Text><Text span display="block" size="sm" c="dimmed">{what(a, name(a.fence))}</Text></span>
          <Text span c="dimmed" style={{ whiteSpace: 'nowrap' }}><Ago time={a.opened} /></Text>
        </UnstyledButton>
      ))}
      <Group px="md" py="sm" mt={4} style={{ borderTop: '1px solid var(--mantine-color-default-border)' }}><Switch label={t('sound')} description={t('soundHint')} checked={sound.on} onChange={sound.toggle} /></Group>
    </Stack>
  );
}

/** Says that the browser keeps the alarm silent, with the button that ends that. */
export function SoundBlocked(props: { m?: string; mt?: number }) {
  const t = useT(bellWords);
  const { blocked, allow } = useSound();
  if (!blocked) return null;
  return (
    <Alert color="yellow" py={8} role="alert" icon={<IconVolumeOff size={18} />} {...props}>
      <Group justify="space-between" gap="xs"><Text size="sm" style={{ flex: 1, minWidth: 160 }}>{t('blocked')}</Text><Button size="compact-sm" variant="white" onClick={allow}>{t('allow')}</Button></Group>
    </Alert>
  );
}
