// The box with the fields of a marker; its place is set on the map or typed.
import { ActionIcon, Alert, Button, ColorInput, Group, NumberInput, SimpleGrid, Stack, Text, Textarea, TextInput, Title, Tooltip } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { clean, filled } from '@/parts/clean';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { useSubmit } from '@/parts/FormDialog';
import { icons, kinds, type Kind } from './icons';
import type { Spot } from './MarkerMap';
import { words } from './words';

type Marker = Schemas['Marker'];
interface Props {
  marker?: Marker;
  owner?: string;
  spot?: Spot;
  onSpot: (s: Spot) => void;
  onCancel: () => void;
  onSaved: (m: Marker) => void;
}

export function Form({ marker, owner, spot, onSpot, onCancel, onSaved }: Props) {
  const t = useT(words);
  const can = useCan();
  const me = useMe();
  const form = useForm({
    initialValues: { name: marker?.name ?? '', icon: (marker?.icon ?? 'pin') as string, colour: marker?.colour || '#0b7285', owner: marker?.owner ?? owner ?? '', lat: (marker?.lat ?? '') as number | '', lon: (marker?.lon ?? '') as number | '', note: marker?.note ?? '' },
    validate: { name: filled(t('required')), lat: filled(t('required')), lon: filled(t('required')) },
  });
  const v = form.values;
  useEffect(() => { // the map was clicked
    if (spot && (spot.lon !== v.lon || spot.lat !== v.lat)) form.setValues({ lon: spot.lon, lat: spot.lat });
  }, [spot?.lon, spot?.lat]); // eslint-disable-line react-hooks/exhaustive-deps -- from the map only
  useEffect(() => { // a field was filled
    if (typeof v.lon === 'number' && typeof v.lat === 'number' && (v.lon !== spot?.lon || v.lat !== spot?.lat || v.colour !== spot?.colour || v.name !== spot?.name)) onSpot({ lon: v.lon, lat: v.lat, colour: v.colour, name: v.name });
  }, [v.lon, v.lat, v.colour, v.name]); // eslint-disable-line react-hooks/exhaustive-deps -- from the fields only
  const { busy, failure, send } = useSubmit(form, async (values) => {
    const body = clean({ ...values, version: marker?.version }) as unknown as Marker;
    const { data } = marker ? await http.PUT('/api/v1/markers/{id}', { params: { path: { id: marker.id } }, body }) : await http.POST('/api/v1/markers', { body });
    onSaved(data!);
  });
  return (
    <form noValidate className="fence-form" aria-label={marker ? t('edit') : t('addMarker')} onSubmit={form.onSubmit(send)}>
      <Stack gap="sm" p="md">
        <Title order={2} size="h4">{marker ? `${t('edit')}: ${marker.name}` : t('addMarker')}</Title>
        {v.lat === '' && <Alert color="sea" py={8} role="status">{t('clickMap')}</Alert>}
        <TextInput label={t('name')} required maxLength={120} data-autofocus {...form.getInputProps('name')} />
        {!owner && !marker && isStaff(me) && can('customer.read') && <CustomerSelect label={t('customer')} {...form.getInputProps('owner')} />}
        <Stack gap={4} role="group" aria-label={t('icon')}>
          <Text size="sm" fw={500}>{t('icon')}: {t(icons[v.icon as Kind][1])}</Text>
          <SimpleGrid cols={6} spacing={4}>
            {kinds.map((k) => {
              const [Glyph, word] = icons[k];
              return <Tooltip key={k} label={t(word)}><ActionIcon size={40} w="100%" variant={v.icon === k ? 'filled' : 'default'} aria-label={t(word)} aria-pressed={v.icon === k} onClick={() => form.setFieldValue('icon', k)}><Glyph size={20} stroke={1.7} /></ActionIcon></Tooltip>;
            })}
          </SimpleGrid>
        </Stack>
        <ColorInput label={t('colour')} format="hex" {...form.getInputProps('colour')} />
        <SimpleGrid cols={2}>
          <NumberInput label={t('lat')} required min={-90} max={90} decimalScale={7} hideControls {...form.getInputProps('lat')} />
          <NumberInput label={t('lon')} required min={-180} max={180} decimalScale={7} hideControls {...form.getInputProps('lon')} />
        </SimpleGrid>
        <Textarea label={t('note')} autosize minRows={2} maxLength={2000} {...form.getInputProps('note')} />
        {failure && <Alert color="red" role="alert">{failure}</Alert>}
      </Stack>
      <Group className="fence-foot" justify="flex-end" px="md" py="sm"><Button variant="default" onClick={onCancel}>{t('cancel')}</Button><Button type="submit" loading={busy}>{t('save')}</Button></Group>
    </form>
  );
}
