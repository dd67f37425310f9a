// An app on a phone signs in by reading a code, without typing: as a guard's
// or an SOS tracker, for the one device that is chosen here.
import { Alert, Badge, Button, Group, Modal, Radio, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { texts, useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { QrCode } from '@/parts/QrCode';
import type { Customer } from './data';
import { words } from './words';

const own = texts({
  qr: words.qr,
  noDevices: words.noDevices,
  which: ['Which device does the phone become?', '¿Qué dispositivo será el teléfono?', 'Qual dispositivo o telefone será?', 'Quel appareil devient le téléphone ?'],
  mode: ['What the app does', 'Qué hace la app', 'O que o app faz', 'Ce que fait l’application'],
  guard: ['Guard', 'Guardia', 'Guarda', 'Garde'],
  sos: ['SOS', 'SOS', 'SOS', 'SOS'],
  show: ['Show QR code', 'Mostrar código QR', 'Mostrar código QR', 'Afficher le code QR'],
  scan: ['Scan it with the phone. It works once, for {s} more seconds.', 'Escanéelo con el teléfono. Sirve una vez, por {s} segundos más.', 'Leia-o com o telefone. Funciona uma vez, por mais {s} segundos.', 'Scannez-le avec le téléphone. Il sert une fois, pendant encore {s} secondes.'],
  expired: ['The code has expired.', 'El código venció.', 'O código expirou.', 'Le code a expiré.'],
  used: ['The phone is signed in.', 'El teléfono inició sesión.', 'O telefone entrou.', 'Le téléphone est connecté.'],
  another: ['New code', 'Otro código', 'Novo código', 'Nouveau code'],
  revoke: ['Revoke the code', 'Revocar el código', 'Revogar o código', 'Révoquer le code'],
  revoked: ['The code was revoked.', 'El código fue revocado.', 'O código foi revogado.', 'Le code a été révoqué.'],
});

export function QrDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const t = useT(own);
  const can = useCan();
  const [device, setDevice] = useState('');
  const [mode, setMode] = useState<'guard' | 'sos'>('guard');
  const [made, setMade] = useState<Schemas['QrMade']>();
  const [busy, setBusy] = useState(false);
  const [now, setNow] = useState(Date.now());
  useEffect(() => { const timer = setInterval(() => setNow(Date.now()), 1000); return () => clearInterval(timer); }, []);
  const devices = useQuery({
    queryKey: ['qr-devices', customer.id],
    queryFn: async () => (await http.GET('/api/v1/customers/{id}/qr-devices', { params: { path: { id: customer.id }, query: { limit: 1000 } } })).data!.items,
  });
  const login = useQuery({
    queryKey: ['qr-login', made?.id], enabled: Boolean(made), refetchInterval: 2000,
    queryFn: async () => (await http.GET('/api/v1/qr-logins/{id}', { params: { path: { id: made!.id } } })).data!,
  });
  const make = async () => {
    setBusy(true);
    await http.POST('/api/v1/qr-logins', { body: { device, mode } }).then(({ data }) => setMade(data), sayProblem);
    setBusy(false);
  };
  const revoke = () => http.POST('/api/v1/qr-logins/{id}/revoke', { params: { path: { id: made!.id } } }).then(() => login.refetch(), sayProblem);
  const left = made ? Math.max(0, Math.round((Date.parse(made.expires) - now) / 1000)) : 0;
  const state = login.data?.revoked ? 'revoked' : login.data?.used ? 'used' : left ? undefined : 'expired';
  const name = devices.data?.find((d) => d.id === device)?.name ?? '';
  return (
    <Modal opened onClose={onClose} title={`${t('qr')}: ${customer.name}`} closeButtonProps={{ 'aria-label': t('close') }}>
      {made ? (
        <Stack>
          <Group gap="xs"><Text fw={600}>{name}</Text><Badge variant="light" tt="none">{t(mode)}</Badge></Group>
          {state ? <Alert color={state === 'used' ? 'green' : 'yellow'} role="status">{t(state)}</Alert> : (
            <><QrCode text={new URL(made.url, location.origin).href} label={`${t('qr')}: ${name}`} size={240} /><Text size="sm" ta="center" role="timer">{t('scan', { s: left })}</Text></>
          )}
          <Group justify="space-between">
            {can('qrLogin.update') && !login.data?.revoked && state !== 'expired' ? <Button variant="subtle" color="red" onClick={revoke}>{t('revoke')}</Button> : <span />}
            <Group gap="xs"><Button variant="default" onClick={() => setMade(undefined)}>{t('another')}</Button><Button onClick={onClose}>{t('close')}</Button></Group>
          </Group>
        </Stack>
      ) : (
        <Stack>
          {devices.isError && <Alert color="red" role="alert">{devices.error.message}</Alert>}
          {devices.data?.length === 0 ? <Text c="dimmed">{t('noDevices')}</Text> : (
            <Radio.Group label={t('which')} value={device} onChange={setDevice}>
              <Stack gap="xs" mt="xs" mah={320} style={{ overflowY: 'auto' }}>{devices.data?.map((d) => <Radio key={d.id} value={d.id} label={d.name} description={[d.plate, d.uniqueId].filter(Boolean).join(' · ')} />)}</Stack>
            </Radio.Group>
          )}
          <div><Text size="sm" fw={550} mb={4}>{t('mode')}</Text><SegmentedControl aria-label={t('mode')} value={mode} onChange={(v) => setMode(v as 'guard')} data={[{ value: 'guard', label: t('guard') }, { value: 'sos', label: t('sos') }]} /></div>
          <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('cancel')}</Button><Button disabled={!device} loading={busy} onClick={make}>{t('show')}</Button></Group>
        </Stack>
      )}
    </Modal>
  );
}
