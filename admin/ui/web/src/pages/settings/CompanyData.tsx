// What the company is called, its language and clock, its logo.
import { Alert, Button, Group, Loader, SimpleGrid, Stack, Switch, TagsInput, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useCan } from '@/api/session';
import { useT, type Lang } from '@/i18n';
import { filled } from '@/parts/clean';
import { useSubmit } from '@/parts/FormDialog';
import { ImagePicker, imageOf } from '@/parts/ImagePicker';
import { LanguageSelect, TimezoneSelect } from '@/parts/places';
import { Room } from '@/parts/Sections';
import { useLeave } from '@/parts/useLeave';
import { useChangeCompany, useCompany, type Company } from './data';
import { words } from './words';

/** What every company has; the rest are its own. */
const builtIn = ['natural', 'legal', 'government', 'division', 'other'];
const under = { inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[] };

export function CompanyData() {
  const t = useT(words);
  const { data, isError, error } = useCompany();
  return (
    <Room title={t('company')} text={t('companyText')}>
      {isError && <Alert color="red" role="alert">{error.message}</Alert>}
      {data ? <Form key={data.version} company={data} /> : <Loader aria-label={t('loading')} />}
    </Room>
  );
}

function Form({ company }: { company: Company }) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const change = useChangeCompany();
  const must = filled(t('required'));
  const form = useForm({
    initialValues: { name: company.name, lang: company.lang as string, timezone: company.timezone, autoCut: company.autoCut, customerKinds: company.customerKinds.filter((k) => !builtIn.includes(k)) },
    validate: { name: must, lang: must, timezone: must },
  });
  const { busy, failure, send } = useSubmit(form, async (v) => {
    await change(company, { ...v, lang: v.lang as Lang });
    notifications.show({ color: 'green', message: t('saved') });
  });
  useLeave(form.isDirty());
  return (
    <Stack gap="lg">
      {can('image.read') && (
        <section>
          <Title order={3} size="h5" mb="xs">{t('logo')}</Title>
          <ImagePicker path={`/api/v1/companies/${company.id}/image`} name={company.name} image={imageOf(company)} onChanged={() => { for (const key of ['company', 'me']) void client.invalidateQueries({ queryKey: [key] }); }} />
        </section>
      )}
      <form noValidate onSubmit={form.onSubmit(send)}>
        <Stack>
          {failure && <Alert color="red" role="alert">{failure}</Alert>}
          <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
            <TextInput label={t('name')} required maxLength={120} {...form.getInputProps('name')} />
            <LanguageSelect required {...form.getInputProps('lang')} />
            <TimezoneSelect required {...form.getInputProps('timezone')} />
            <TagsInput label={t('kinds')} description={t('kindsHint')} {...under} maxTags={50} {...form.getInputProps('customerKinds')} />
          </SimpleGrid>
          <Switch label={t('autoCut')} description={t('autoCutHint')} {...form.getInputProps('autoCut', { type: 'checkbox' })} />
          <Group><Button type="submit" loading={busy} disabled={!form.isDirty()}>{t('save')}</Button></Group>
        </Stack>
      </form>
    </Stack>
  );
}
