// Where to send: the texts for a tracker's SIM, the codes for a phone.
import { Alert, Anchor, Autocomplete, Divider, Grid, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useT } from '@/i18n';
import { CopyBox } from '@/parts/CopyBox';
import { QrCode } from '@/parts/QrCode';
import { usePorts } from './ports';
import { apns, isLocal, osmAndAddress, ownTracksAddress, ownTracksConfig, smsOf, type Model, type Setting } from './texts';
import { words } from './words';

interface Props {
  model: Model;
  setting: Setting;
  onSetting: (s: Setting) => void;
  phoneId: string;
  onPhoneId: (id: string) => void;
}

export function SetUp({ model, setting, onSetting, phoneId, onPhoneId }: Props) {
  const t = useT(words);
  const port = usePorts();
  const set = (change: Partial<Setting>) => onSetting({ ...setting, ...change });
  const phone = model.kind === 'phone';
  const under = { inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[] };
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, xs: 2, md: phone ? 2 : 4 }} verticalSpacing="sm">
        <TextInput label={t('host')} description={t('hostHint')} {...under} value={setting.host} onChange={(e) => set({ host: e.currentTarget.value.trim() })} />
        {phone ? <TextInput label={t('phoneId')} {...under} value={phoneId} maxLength={64} onChange={(e) => onPhoneId(e.currentTarget.value.trim())} /> : (
          <>
            <TextInput label={t('port')} inputMode="numeric" value={setting.port} onChange={(e) => set({ port: e.currentTarget.value.trim() })} />
            <Autocomplete label={t('apn')} description={t('apnHint')} {...under} data={apns} value={setting.apn} onChange={(apn) => set({ apn: apn.trim() })} />
            {model.password !== undefined && <TextInput label={t('password')} value={setting.password} onChange={(e) => set({ password: e.currentTarget.value.trim() })} />}
          </>
        )}
      </SimpleGrid>
      {isLocal(setting.host) && <Alert color="yellow" py={8} role="status">{t('hostLocal')}</Alert>}
      {phone ? (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, sm: 4 }}>
            <Stack gap="xs" align="center">
              <QrCode text={ownTracksConfig(setting.host, port('owntracks'), phoneId)} label={t('ownTracksCode')} size={220} />
              <Text size="sm" ta="center" c="dimmed">{t('ownTracks')}</Text>
              <Anchor href={ownTracksConfig(setting.host, port('owntracks'), phoneId)} size="sm" hiddenFrom="sm">OwnTracks</Anchor>
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, sm: 8 }}>
            <Stack gap="sm">
              <CopyBox label={t('osmAnd')} value={osmAndAddress(setting.host, port('osmand'), phoneId)} />
              <CopyBox label={t('traccar')} value={`http://${setting.host}:${port('osmand')}`} />
              <CopyBox label={t('otAddress')} value={ownTracksAddress(setting.host, port('owntracks'), phoneId)} />
            </Stack>
          </Grid.Col>
        </Grid>
      ) : (
        <>
          <Divider label={t('smsTitle')} labelPosition="left" />
          <SimpleGrid cols={{ base: 1, md: 2 }} verticalSpacing="sm">
            {smsOf(model.kind, setting).map((m, i) => (
              <div key={m.why}>
                <CopyBox label={`${i + 1}. ${t(m.why)}`} value={m.text} />
                {m.open && <Text size="xs" c="var(--warn)" mt={4}>{t('needApn')}</Text>}
              </div>
            ))}
          </SimpleGrid>
          <Text size="sm" c="dimmed">{t('smsTry')}</Text>
        </>
      )}
    </Stack>
  );
}
