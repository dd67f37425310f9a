// Which street map lies under the company's maps, and who finds places.
import { Alert, Button, Group, Loader, NumberInput, Radio, Select, Stack, TagsInput, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useLang, useT } from '@/i18n';
import { useSubmit } from '@/parts/FormDialog';
import { Room } from '@/parts/Sections';
import { useLeave } from '@/parts/useLeave';
import { useChangeCompany, useCompany, type Company } from './data';
import { mapWords } from './mapwords';
import { words } from './words';

type BaseMap = Schemas['BaseMap'];

const OSM = { url: 'https://tile.openstreetmap.org/{z}/{x}/{y}.png', attribution: '© OpenStreetMap contributors', maxZoom: 19 };
const choices = ['osm', 'raster', 'style', 'pmtiles', 'offline'] as const;
type Choice = (typeof choices)[number];
const told = { osm: 'osmText', raster: 'rasterText', style: 'styleText', pmtiles: 'pmtilesText', offline: 'offlineText' } as const;

export function Maps() {
  const t = useT(mapWords), both = useT(words);
  const { data, isError, error } = useCompany();
  const shown = useQuery({ queryKey: ['map'], queryFn: async () => (await http.GET('/api/v1/map')).data! });
  return (
    <Room title={t('maps')} text={t('mapsText')}>
      {isError && <Alert color="red" role="alert">{error.message}</Alert>}
      {data && shown.data ? <Form key={data.version} company={data} files={shown.data.files} towns={shown.data.towns} /> : <Loader aria-label={both('loading')} />}
    </Room>
  );
}

const choiceOf = (m: BaseMap | undefined): Choice => (!m || m.kind === 'offline' ? 'offline' : m.kind === 'raster' && m.url === OSM.url ? 'osm' : m.kind);

function Form({ company, files, towns }: { company: Company; files: string[]; towns: number }) {
  const t = useT(mapWords), both = useT(words);
  const { lang } = useLang();
  const client = useQueryClient();
  const change = useChangeCompany();
  const { map } = company;
  const form = useForm({
    initialValues: { choice: choiceOf(map), map: { url: map?.url ?? '', attribution: map?.attribution ?? '', maxZoom: map?.maxZoom || 19, hosts: map?.hosts ?? [], search: map?.search ?? '', searchUrl: map?.searchUrl ?? '' } },
  });
  const { choice, map: v } = form.values;
  const { busy, failure, send } = useSubmit(form, async ({ choice: c, map: m }) => {
    const search = m.search ? { search: m.search as BaseMap['search'], searchUrl: m.searchUrl.trim() } : {};
    const next: BaseMap = c === 'osm' ? { kind: 'raster', ...OSM, ...search }
      : c === 'raster' ? { kind: 'raster', url: m.url.trim(), attribution: m.attribution, maxZoom: m.maxZoom, ...search }
      : c === 'style' ? { kind: 'style', url: m.url.trim(), attribution: m.attribution, hosts: m.hosts, ...search }
      : c === 'pmtiles' ? { kind: 'pmtiles', url: m.url, attribution: m.attribution, ...search } : { kind: 'offline', ...search };
    await change(company, { map: next });
    await client.invalidateQueries({ queryKey: ['map'] });
    notifications.show({ color: 'green', message: both('saved') });
  });
  useLeave(form.isDirty());
  const own = choice === 'raster' || choice === 'style';
  return (
    <form noValidate onSubmit={form.onSubmit(send)}>
      <Stack>
        {failure && <Alert color="red" role="alert">{failure}</Alert>}
        <Radio.Group label={t('which')} value={choice} onChange={(c) => form.setValues({ choice: c as Choice, map: { ...v, url: c === choiceOf(map) ? map?.url ?? '' : '' } })}>
          <Stack gap="xs" mt={6}>
            {choices.map((c) => <Radio key={c} value={c} label={t(c)} description={t(told[c], { z: '{z}', x: '{x}', y: '{y}' })} />)}
          </Stack>
        </Radio.Group>
        {own && <TextInput label={t('url')} required type="url" maxLength={1000} placeholder={choice === 'raster' ? 'https://tiles.example.com/{z}/{x}/{y}.png' : 'https://tiles.example.com/style.json'} {...form.getInputProps('map.url')} />}
        {choice === 'pmtiles' && (files.length
          ? <Select label={t('file')} required data={files} {...form.getInputProps('map.url')} />
          : <Text size="sm" c="dimmed">{t('noFiles')}</Text>)}
        {(own || choice === 'pmtiles') && <TextInput label={t('attribution')} required={choice === 'raster'} description={t('attributionHint')} maxLength={300} {...form.getInputProps('map.attribution')} />}
        {choice === 'raster' && <NumberInput label={t('maxZoom')} min={1} max={24} maw={160} {...form.getInputProps('map.maxZoom')} />}
        {choice === 'style' && <TagsInput label={t('hosts')} description={t('hostsHint')} maxTags={10} {...form.getInputProps('map.hosts')} />}
        <Title order={3} size="h5" mt="sm">{t('search')}</Title>
        <Select aria-label={t('search')} allowDeselect={false} data={[{ value: '', label: t('towns', { n: new Intl.NumberFormat(lang).format(towns) }) }, { value: 'nominatim', label: 'Nominatim' }, { value: 'photon', label: 'Photon' }]} {...form.getInputProps('map.search')} />
        {v.search && <TextInput label={t('searchUrl')} required type="url" description={t('searchHint')} maxLength={500} placeholder="https://nominatim.example.com" {...form.getInputProps('map.searchUrl')} />}
        <Group><Button type="submit" loading={busy} disabled={!form.isDirty()}>{both('save')}</Button></Group>
      </Stack>
    </form>
  );
}
