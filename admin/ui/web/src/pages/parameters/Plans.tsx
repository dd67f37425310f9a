// What customers buy: which modules, how much of each thing, for what price,
// and whether it can be tried first.
import { Badge, Checkbox, Fieldset, Group, MultiSelect, NumberInput, Select, SimpleGrid, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { http, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { useLang, useT } from '@/i18n';
import { filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import { ModuleTicks, useModules } from '@/parts/ModuleTicks';
import { countryName, useCountries } from '@/parts/places';
import type { Book } from './book';
import { ParamList, type FormProps } from './ParamList';
import { planWords as words } from './planwords';
import { bodyOf, limitKeys, priceKeys, valuesOf } from './plan';

type Plan = Schemas['Plan'];
const book: Book<Plan> = { path: 'plans', object: 'plan' };
const currencies = ['USD', 'EUR', 'BRL', 'CAD', 'CLP', 'COP', 'MXN', 'PEN', 'VES'];

export function Plans() {
  const t = useT(words);
  const { lang } = useLang();
  const money = (p: Plan, hundredths: number) => new Intl.NumberFormat(lang, p.prices?.currency ? { style: 'currency', currency: p.prices.currency } : { minimumFractionDigits: 2 }).format(hundredths / 100);
  return (
    <ParamList book={book} title={t('plans')} nameOf={(p) => p.name} newLabel={t('newPlan')} empty={{ title: t('noPlans'), text: t('noPlansText') }}
      copy={(p) => ({ ...p, id: '', name: t('copyOf', { name: p.name }) })}
      columns={[
        { key: 'kind', label: t('kind'), render: (p) => <Group gap={4} wrap="nowrap">{p.lockedOnceAssigned && <Badge variant="light" color="orange" tt="none" miw="max-content">{t('locked')}</Badge>}{p.closed && <Badge variant="default" tt="none" miw="max-content">{t('closed')}</Badge>}{!p.lockedOnceAssigned && !p.closed && <Text size="sm" c="dimmed">–</Text>}</Group> },
        { key: 'trial', label: t('trial'), render: (p) => (p.trialDays ? <Text size="sm">{t('nDays', { n: p.trialDays })}</Text> : <Text size="sm" c="dimmed">{t('noTrial')}</Text>) },
        { key: 'devices', label: t('devices'), align: 'right', render: (p) => <Text size="sm" className="tabular">{p.limits?.devices || t('any')}</Text> },
        { key: 'users', label: t('users'), align: 'right', render: (p) => <Text size="sm" className="tabular">{p.limits?.users || t('any')}</Text> },
        { key: 'price', label: t('perMonth'), align: 'right', render: (p) => <Text size="sm" className="tabular">{p.prices?.base || p.prices?.device ? [p.prices.base && money(p, p.prices.base), p.prices.device && t('eachDevice', { price: money(p, p.prices.device) })].filter(Boolean).join(' + ') : '–'}</Text> },
      ]}
      form={(p) => <Form {...p} />} />
  );
}

function Form({ record: r, fixed, onSave, onClose }: FormProps<Plan>) {
  const t = useT(words);
  const me = useMe();
  const { lang } = useLang();
  const countries = useCountries();
  const platform = me.user.role === 'platformAdmin' && !me.user.company;
  const companies = useQuery({ queryKey: ['companies', 'all'], enabled: platform, queryFn: async () => (await http.GET('/api/v1/companies', { params: { query: { limit: 1000 } } })).data!.items }).data ?? [];
  const form = useForm({
    initialValues: valuesOf(r, me.company?.id ?? ''),
    validate: {
      name: filled(t('required')), owner: (v) => (platform && !v ? t('required') : null),
      prices: { currency: (v, all) => (!v && priceKeys.some((k) => Number(all.prices[k]) > 0) ? t('required') : null) },
    },
  });
  const company = form.values.owner || me.company?.id;
  const all = useModules(company);
  const regions = useMemo(() => countries.map((c) => ({ value: c.code, label: countryName(c.code, lang) })).sort((a, b) => a.label.localeCompare(b.label, lang)), [countries, lang]);
  const p = form.getInputProps;
  const known = [...new Set([...currencies, form.values.prices.currency].filter(Boolean))];
  return (
    <FormDialog opened onClose={onClose} title={r?.name || t('newPlan')} form={form} onSubmit={(v) => onSave(bodyOf(v, r))} blocked={fixed} size="xl">
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TextInput label={t('name')} required data-autofocus maxLength={120} readOnly={fixed} {...p('name')} />
        {platform && <Select label={t('company')} required searchable allowDeselect={false} disabled={Boolean(r?.id)} data={companies.map((c) => ({ value: c.id, label: c.name }))} {...p('owner')} />}
        <NumberInput label={t('trialDays')} description={t('trialHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} min={0} max={365} allowDecimal={false} readOnly={fixed} {...p('trialDays')} />
      </SimpleGrid>
      <Textarea label={t('note')} description={t('noteHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} maxLength={2000} autosize minRows={1} maxRows={5} readOnly={fixed} {...p('note')} />
      <Group gap="xl" align="flex-start">
        <Switch label={t('lockedOnce')} description={t('lockedHint')} disabled={fixed} {...p('lockedOnceAssigned', { type: 'checkbox' })} />
        {r?.id && <Switch label={t('closedPlan')} description={t('closedHint')} disabled={fixed} {...p('closed', { type: 'checkbox' })} />}
      </Group>
      <Fieldset legend={t('modules')}>
        {!fixed && all.length > 0 && <Checkbox mb="xs" label={t('all')} checked={all.every((m) => form.values.modules.includes(m.module))} indeterminate={form.values.modules.length > 0 && !all.every((m) => form.values.modules.includes(m.module))}
          onChange={(e) => form.setFieldValue('modules', e.currentTarget.checked ? all.map((m) => m.module) : [])} />}
        <ModuleTicks company={company} value={form.values.modules} onChange={(v) => form.setFieldValue('modules', v)} readOnly={fixed} />
      </Fieldset>
      <Fieldset legend={t('limits')}>
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} verticalSpacing="sm">
          {limitKeys.map((k) => <NumberInput key={k} label={t(k)} placeholder={t('any')} min={0} max={10_000_000} allowDecimal={false} thousandSeparator=" " readOnly={fixed} {...p(`limits.${k}`)} />)}
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend={t('prices')}>
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 4 }} verticalSpacing="sm">
          <Select label={t('currency')} searchable clearable data={known} readOnly={fixed} {...p('prices.currency')} value={form.values.prices.currency || null} onChange={(v) => form.setFieldValue('prices.currency', v ?? '')} />
          {priceKeys.map((k) => <NumberInput key={k} label={t(`price_${k}`)} min={0} max={1e10} decimalScale={2} readOnly={fixed} {...p(`prices.${k}`)} />)}
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend={t('offered')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
          <MultiSelect label={t('regions')} placeholder={form.values.regions.length ? undefined : t('everywhere')} searchable clearable data={regions} readOnly={fixed} {...p('regions')} />
          <MultiSelect label={t('connections')} placeholder={form.values.connections.length ? undefined : t('anyConnection')} clearable data={[{ value: 'tcp', label: t('tcp') }, { value: 'mqtt', label: 'MQTT' }, { value: 'http', label: 'HTTP' }]} readOnly={fixed} {...p('connections')} />
        </SimpleGrid>
      </Fieldset>
    </FormDialog>
  );
}
