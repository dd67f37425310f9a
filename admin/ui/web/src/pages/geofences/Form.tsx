// The box with the fields of a fence.
import { Alert, Button, Checkbox, ColorInput, Group, MultiSelect, NumberInput, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { http } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useLang, useT } from '@/i18n';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { DevicePicker } from '@/parts/DevicePicker';
import { useSubmit } from '@/parts/FormDialog';
import { sizeOf, type Draft } from './draft';
import { COLOURS, type Fence, type Values } from './values';
import { words } from './words';

interface Props {
  form: UseFormReturnType<Values>;
  fence?: Fence;
  draft?: Draft;
  /** Whose panel it is; there the owner is not asked for. */
  owner?: string;
  onDraft: (draft: Draft) => void;
  onSubmit: (values: Values) => Promise<void>;
  onCancel: () => void;
}

export function Form({ form, fence, draft, owner, onDraft, onSubmit, onCancel }: Props) {
  const t = useT(words);
  const can = useCan();
  const me = useMe();
  const { busy, failure, send, setFailure } = useSubmit(form, onSubmit);
  const labels = useQuery({
    queryKey: ['labels', 'choices'], enabled: can('label.read'), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/labels', { params: { query: { limit: 1000 } } })).data!.items,
  }).data ?? [];
  const v = form.values, whose = v.owner || me.user.customer || '';
  const presets = (['balanced', 'strict', 'instant', ...(fence?.preset === 'custom' ? ['custom' as const] : [])] as const).map((p) => ({ value: p, label: t(p) }));
  return (
    <form noValidate aria-label={fence ? t('editFence') : t('addFence')} className="fence-form" onSubmit={form.onSubmit((values) => (draft ? send(values) : setFailure(t('needsShape'))))}>
      <Stack gap="sm" p="md">
        <Title order={2} size="h4">{fence ? t('editFence') : t('addFence')}</Title>
        {!draft && <Alert color="sea" py={8} role="status">{t('help_none')}</Alert>}
        {draft && <Size draft={draft} onDraft={onDraft} />}
        <TextInput label={t('name')} required maxLength={120} {...form.getInputProps('name')} />
        <ColorInput label={t('colour')} format="hex" withEyeDropper={false} swatches={COLOURS} swatchesPerRow={10} {...form.getInputProps('colour')} />
        {!owner && !fence && isStaff(me) && can('customer.read') && <CustomerSelect label={t('customer')} description={t('company')} {...form.getInputProps('owner')} onChange={(id) => form.setValues({ owner: id ?? '', targets: { ...v.targets, devices: [] } })} />}
        <Group align="flex-start" grow>
          <Checkbox label={t('inside')} description={t('insideHint')} {...form.getInputProps('inside', { type: 'checkbox' })} />
          <Checkbox label={t('outside')} description={t('outsideHint')} {...form.getInputProps('outside', { type: 'checkbox' })} />
        </Group>
        {!v.inside && !v.outside && <Text size="sm" c="dimmed" role="status">{t('silentHint')}</Text>}
        <fieldset className="fence-set">
          <legend>{t('assigned')}</legend>
          <Checkbox label={t('allDevices')} {...form.getInputProps('everyDevice', { type: 'checkbox' })} />
          {!v.everyDevice && (
            <Stack gap="xs" mt="sm">
              <DevicePicker owner={whose} height={220} value={v.targets.devices} onChange={(devices) => form.setFieldValue('targets.devices', devices)} />
              {form.errors['targets.devices'] && <Text size="sm" c="var(--mantine-color-error)">{form.errors['targets.devices']}</Text>}
              {labels.length > 0 && <MultiSelect label={t('tags')} description={t('tagsHint')} searchable data={labels.map((l) => ({ value: l.id, label: l.name }))} {...form.getInputProps('targets.labels')} />}
            </Stack>
          )}
        </fieldset>
        <Select label={t('sureness')} allowDeselect={false} data={presets} {...form.getInputProps('preset')} />
        <NumberInput label={t('speedLimit')} min={0} max={1000} allowNegative={false} hideControls {...form.getInputProps('speedLimit')} />
        <Checkbox label={t('paused')} {...form.getInputProps('paused', { type: 'checkbox' })} />
        {form.errors.shape && <Alert color="red" role="alert">{form.errors.shape}</Alert>}
        {failure && <Alert color="red" role="alert">{failure}</Alert>}
      </Stack>
      <Group className="fence-foot" justify="flex-end" px="md" py="sm">
        <Button variant="default" onClick={onCancel}>{t('cancel')}</Button>
        <Button type="submit" loading={busy}>{t('save')}</Button>
      </Group>
    </form>
  );
}

/** What was drawn, in numbers; of round shapes they can be typed. */
function Size({ draft, onDraft }: { draft: Draft; onDraft: (d: Draft) => void }) {
  const t = useT(words);
  const { lang } = useLang();
  const { area, length, points } = sizeOf(draft);
  const say = (n: number, unit: string) => `${new Intl.NumberFormat(lang, { maximumSignificantDigits: 3 }).format(n)} ${unit}`;
  const size = area !== undefined ? (area < 1e5 ? say(area, 'm²') : say(area / 1e6, 'km²')) : length! < 2000 ? say(length!, 'm') : say(length! / 1000, 'km');
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed" role="status" mt={-8}>{draft.kind === 'circle' ? t('circle') : draft.kind === 'corridor' ? t('corridor') : t('polygon')}{draft.kind !== 'circle' && ` · ${t('sizePoints', { n: points })}`} · {size}</Text>
      {draft.kind === 'circle' && <NumberInput label={t('radius')} min={1} max={2_000_000} decimalScale={1} value={Math.round(draft.radius * 10) / 10} onChange={(r) => { if (Number(r) > 0) onDraft({ ...draft, radius: Number(r) }); }} />}
      {draft.kind === 'corridor' && <NumberInput label={t('width')} min={1} max={100_000} decimalScale={1} value={draft.width} onChange={(w) => { if (Number(w) > 0) onDraft({ ...draft, width: Number(w) }); }} />}
    </Stack>
  );
}
