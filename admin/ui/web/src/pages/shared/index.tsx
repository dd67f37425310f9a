// What a temporary link shows to whoever has it. A link that has ended, was
// revoked or never was looks the same.
import { Alert, Button, Center, Group, Loader, Paper, Stack, Text, ThemeIcon, Title, useComputedColorScheme } from '@mantine/core';
import { IconClockOff, IconLock } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useCallback, useEffect, useReducer, useRef, useState, type ReactNode } from 'react';
import { useLang, useT } from '@/i18n';
import { MapView, type MapHandle } from '@/map';
import { Scene } from '@/pages/map/scene';
import { ago } from '@/parts/time';
import { useNow } from '@/parts/useNow';
import { Guest, type Shared as View } from './guest';
import { words } from './words';
import '@/pages/map/map.css';
import './shared.css';

export function Shared() {
  const t = useT(words);
  const { token = '' } = useParams({ strict: false }) as { token?: string };
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const [guest, setGuest] = useState<Guest>();
  const nameOf = useRef((n: number) => t('device', { n }));
  nameOf.current = (n) => t('device', { n });
  useEffect(() => {
    const g = new Guest(token, (n) => nameOf.current(n), draw);
    setGuest(g);
    g.open();
    return () => g.close();
  }, [token]);
  const gate = guest?.gate;
  if (!guest || !gate || gate.at === 'opening') return <Center h="100dvh"><Loader /></Center>;
  if (gate.at === 'open') return <SharedMap guest={guest} shared={gate.shared} />;
  if (gate.at === 'pin') return <Door icon={<IconLock size={26} />} title={t('pinTitle')}><Pin wrong={gate.wrong} onPin={(pin) => guest.open(pin)} /></Door>;
  if (gate.at === 'early') return <Door icon={<IconClockOff size={26} />} title={t('early')}><Text c="dimmed">{gate.text}</Text></Door>;
  if (gate.at === 'wait') return <Door icon={<IconClockOff size={26} />} title={t('failed')}><Text c="dimmed">{gate.text}</Text><Button onClick={() => guest.open()}>{t('retry')}</Button></Door>;
  return <Door icon={<IconClockOff size={26} />} title={t('ended')}><Text c="dimmed">{t('endedHow')}</Text></Door>;
}

function Door({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder radius="lg" p="xl" maw={420} w="100%" shadow="sm">
        <Stack align="center" ta="center" gap="sm">
          <ThemeIcon size={54} radius="xl" variant="light">{icon}</ThemeIcon>
          <Title order={1} size="h3">{title}</Title>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}

function Pin({ wrong, onPin }: { wrong?: string; onPin: (pin: string) => Promise<void> }) {
  const t = useT(words);
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  return (
    <form onSubmit={async (e) => { e.preventDefault(); setBusy(true); await onPin(pin); setBusy(false); }}>
      <Stack align="center" gap="sm">
        <Text c="dimmed" id="pin-how">{t('pinHow')}</Text>
        <input className="shared-pin" aria-label={t('pin')} aria-describedby="pin-how" aria-invalid={Boolean(wrong)} value={pin} onChange={(e) => setPin(e.currentTarget.value.replace(/\D/g, '').slice(0, 12))} inputMode="numeric" autoComplete="one-time-code" autoFocus />
        {wrong && <Text c="var(--bad)" size="sm" role="alert">{wrong}</Text>}
        <Button type="submit" fullWidth loading={busy} disabled={pin.length < 4}>{t('open')}</Button>
      </Stack>
    </form>
  );
}

function SharedMap({ guest, shared }: { guest: Guest; shared: View }) {
  const t = useT(words);
  const { lang } = useLang();
  const now = useNow();
  const isDark = useComputedColorScheme('light') === 'dark';
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const [scene, setScene] = useState<Scene>();
  const [chosen, setChosen] = useState('');
  useEffect(() => guest.world.subscribe(draw), [guest]);
  const ready = useCallback((handle: MapHandle) => {
    const s = new Scene(handle, guest.world, document.documentElement.dataset.mantineColorScheme === 'dark', {
      device: setChosen, fence: () => {}, nothing: () => setChosen(''), moved: () => {}, sight: () => {},
    });
    setScene(s);
    return () => s.close();
  }, [guest]);
  useEffect(() => { scene?.colour(isDark); }, [scene, isDark]);
  useEffect(() => { scene?.select(chosen, false); }, [scene, chosen]);
  useEffect(() => {
    if (!scene) return;
    for (const [id, points] of guest.trails) scene.setLong(id, points.length > 1 ? points : undefined);
    const to = shared.destination;
    scene.setPlaces([], to ? [{ id: 'destination', name: t('destination'), lon: to.lon, lat: to.lat, colour: '#d9480f' }] : []);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- words do not move
  }, [scene, shared, guest]);
  const down = shared.live ? guest.down() : 0;
  const time = (text: string) => new Date(text).toLocaleString(lang, new Date(text).toDateString() === new Date().toDateString() ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' });
  const far = (m: number) => (m < 1000 ? `${Math.round(m)} m` : `${new Intl.NumberFormat(lang, { maximumFractionDigits: m < 20_000 ? 1 : 0 }).format(m / 1000)} km`);
  return (
    <main className="shared">
      <MapView label={t('map', { n: shared.devices.length })} onReady={ready}>
        {down >= 5 && <Alert className="map-down" color="red" variant="filled" radius={0} py={8} role="alert">{t('lost', { n: down })}</Alert>}
        <Paper className="shared-panel" shadow="md" radius="lg" withBorder p="md">
          <Group gap={10} wrap="nowrap" mb={8}>
            <img src="/icon.svg" alt="" width={28} height={28} />
            <div><Title order={1} size="sm">{t('sharedBy', { company: shared.company })}</Title><Text size="xs" c="dimmed">{t('until', { time: time(shared.expires) })}</Text></div>
          </Group>
          <Stack gap={2} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
            {shared.devices.map((s) => {
              const d = guest.world.devices.get(s.id), p = d?.position;
              return (
                <li key={s.id}>
                  <button type="button" className="shared-row" aria-pressed={chosen === s.id} onClick={() => { setChosen(s.id); if (d?.placed) scene?.centre(d, 14); }}>
                    <span className="map-dot" data-state={d?.state ?? 'silent'} />
                    <span style={{ minWidth: 0, flex: 1 }}>
                      <Text span display="block" fw={600} size="sm" truncate>{d?.name}</Text>
                      <Text span display="block" size="xs" c="dimmed">{p
                        ? [t((d.state === 'alarm' ? 'moving' : d.state)), p.speed !== undefined && d.state === 'moving' && `${Math.round(p.speed)} km/h`].filter(Boolean).join(' · ')
                        : t('nothing')}</Text>
                      {p && <Text span display="block" size="xs" c="dimmed">{t('updated', { ago: ago(Date.parse(p.time), lang, now) })}</Text>}
                    </span>
                    {s.distance !== undefined && <Text span ta="right" size="xs" style={{ whiteSpace: 'nowrap' }}>{s.arrives && <Text span display="block" fw={600} size="xs">{t('arrives', { time: time(s.arrives) })}</Text>}{t('away', { far: far(s.distance) })}</Text>}
                  </button>
                </li>
              );
            })}
          </Stack>
        </Paper>
      </MapView>
    </main>
  );
}
