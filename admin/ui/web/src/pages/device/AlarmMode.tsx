import { SegmentedControl, Text } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { http } from '@/api/client';
import { useT } from '@/i18n';
import type { Device } from '@/pages/devices/data';
import { filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import { words } from './words';

type Mode = Device['alarmMode'];
/** As the picker writes a moment: in the reader's own time zone. */
const local = (ms: number) => { const d = new Date(ms); return new Date(ms - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace('T', ' '); };

/** Test and maintenance end by themselves, so that no device stays silent because somebody forgot it. */
export function AlarmMode({ device, onClose }: { device: Device; onClose: () => void }) {
  const t = useT(words);
  const client = useQueryClient();
  const form = useForm({
    initialValues: { mode: device.alarmMode as Mode, until: local(device.alarmModeUntil ? Date.parse(device.alarmModeUntil) : Date.now() + 3600e3) as string | null },
    validate: { until: (v, all) => (all.mode === 'normal' ? null : filled(t('required'))(v)) },
  });
  const save = async (v: typeof form.values) => {
    await http.PUT('/api/v1/devices/{id}/alarm-mode', { params: { path: { id: device.id } }, body: v.mode === 'normal' ? { mode: v.mode } : { mode: v.mode, until: new Date(v.until!.replace(' ', 'T')).toISOString() } });
    for (const key of ['device', 'devices']) void client.invalidateQueries({ queryKey: [key] });
    notifications.show({ color: 'green', message: t('saved') });
  };
  return (
    <FormDialog opened onClose={onClose} title={`${t('alarmMode')}: ${device.name}`} form={form} onSubmit={save} size="md">
      <SegmentedControl aria-label={t('alarmMode')} data={(['normal', 'test', 'maintenance'] as const).map((m) => ({ value: m, label: t(m) }))} {...form.getInputProps('mode')} />
      <Text size="sm" c="dimmed">{t('alarmModeHint')}</Text>
      {form.values.mode !== 'normal' && <DateTimePicker label={t('until')} description={t('untilHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} required valueFormat="DD MMM YYYY HH:mm" minDate={new Date()} {...form.getInputProps('until')} />}
    </FormDialog>
  );
}
