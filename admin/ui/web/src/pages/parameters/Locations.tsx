import { NumberInput, SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Schemas } from '@/api/client';
import { useLang, useT } from '@/i18n';
import { filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import { CountrySelect, countryName } from '@/parts/places';
import type { Book } from './book';
import { ParamList, type FormProps } from './ParamList';
import { words } from './words';

type Place = Schemas['Location'];
const book: Book<Place> = { path: 'locations', object: 'location' };

/** Addresses to choose from in the forms of people and customers. */
export function Locations() {
  const t = useT(words);
  const { lang } = useLang();
  return (
    <ParamList book={book} title={t('locations')} nameOf={(l) => l.name} newLabel={t('newLocation')} empty={{ title: t('noLocations'), text: t('noLocationsText') }}
      columns={[
        { key: 'address', label: t('address'), render: (l) => [l.address, l.city].filter(Boolean).join(', ') },
        { key: 'country', label: t('country'), render: (l) => countryName(l.country, lang) },
      ]}
      form={(p) => <Form {...p} />} />
  );
}

function Form({ record: r, fixed, onSave, onClose }: FormProps<Place>) {
  const t = useT(words);
  const form = useForm({
    initialValues: { name: r?.name ?? '', address: r?.address ?? '', addressReference: r?.addressReference ?? '', city: r?.city ?? '', state: r?.state ?? '', zip: r?.zip ?? '', country: (r?.country ?? null) as string | null, lat: (r?.lat ?? '') as number | string, lon: (r?.lon ?? '') as number | string },
    validate: { name: filled(t('required')) },
  });
  const p = form.getInputProps, ro = { readOnly: fixed };
  return (
    <FormDialog opened onClose={onClose} title={r ? r.name : t('newLocation')} form={form} onSubmit={onSave} blocked={fixed}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TextInput label={t('name')} required data-autofocus maxLength={120} {...ro} {...p('name')} />
        <CountrySelect clearable {...ro} {...p('country')} />
        <TextInput label={t('address')} maxLength={300} {...ro} {...p('address')} />
        <TextInput label={t('reference')} maxLength={300} {...ro} {...p('addressReference')} />
        <TextInput label={t('city')} maxLength={120} {...ro} {...p('city')} />
        <TextInput label={t('state')} maxLength={120} {...ro} {...p('state')} />
        <TextInput label={t('zip')} maxLength={20} {...ro} {...p('zip')} />
        <span />
        <NumberInput label={t('lat')} min={-90} max={90} decimalScale={6} hideControls {...ro} {...p('lat')} />
        <NumberInput label={t('lon')} min={-180} max={180} decimalScale={6} hideControls {...ro} {...p('lon')} />
      </SimpleGrid>
    </FormDialog>
  );
}
