// The fields of a customer, grouped as people think of them.
import { Alert, Fieldset, NumberInput, Select, SimpleGrid, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import type { UseFormReturnType } from '@mantine/form';
import type { ReactNode } from 'react';
import type { Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { CountrySelect, LanguageSelect, TimezoneSelect, useCountries } from '@/parts/places';
import { words } from '../words';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { RegionInput } from './RegionInput';
import { useChoices, useViewChoices } from './choices';
import type { Values } from './values';

interface Props {
  form: UseFormReturnType<Values>;
  /** The customer being changed; absent on creation. */
  stored?: Schemas['Customer'];
}

export function Details({ form, stored }: Props) {
  const t = useT(words);
  const me = useMe();
  const staff = isStaff(me);
  const { plans, kinds, companies, planOf, company } = useChoices(form.values, stored);
  const views = useViewChoices(staff ? company : '');
  const prefix = useCountries().find((c) => c.code === form.values.country)?.phonePrefix;
  const plan = planOf(form.values.plan);
  const locked = Boolean(stored?.plan && planOf(stored.plan)?.lockedOnceAssigned);
  const field = (name: keyof Values) => form.getInputProps(name);
  const toggle = (name: 'web' | 'ios' | 'android' | 'commands' | 'smsOn' | 'emailOn' | 'monitoring' | 'employee', hint?: string) => (
    <Switch label={t(name)} description={hint} {...form.getInputProps(name, { type: 'checkbox' })} />
  );
  return (
    <>
      <Part legend={t('identity')}>
        <TextInput label={t('name')} required data-autofocus maxLength={120} {...field('name')} />
        <TextInput label={t('code')} required maxLength={64} {...field('code')} />
        <CountrySelect required {...field('country')} onCountry={(c) => form.setValues({ lang: c.lang, timezone: c.timezone, state: '' })} />
        {plans.length > 0 && staff && (
          <Select label={t('plan')} required={!form.values.parent} clearable={Boolean(form.values.parent)} data={plans} disabled={locked} placeholder={form.values.parent ? t('planAbove') : undefined}
            description={locked || plan?.lockedOnceAssigned ? t('planLocked') : plan?.note} {...field('plan')} value={form.values.plan || null} onChange={(v) => form.setFieldValue('plan', v ?? '')} />
        )}
        {companies.length > 1 && !stored && <Select label={t('company')} required data={companies} {...field('company')} />}
        <CustomerSelect label={t('parent')} placeholder={t('parentNone')} except={stored?.id} {...field('parent')} />
        <Select label={t('type')} data={kinds} allowDeselect={false} {...field('kind')} />
        <TextInput label={t('taxId')} maxLength={60} {...field('taxId')} />
        <TextInput label={t('accountName')} maxLength={120} {...field('accountName')} />
        <LanguageSelect clearable {...field('lang')} value={form.values.lang || null} onChange={(v) => form.setFieldValue('lang', v ?? '')} />
        <TimezoneSelect clearable {...field('timezone')} value={form.values.timezone || null} onChange={(v) => form.setFieldValue('timezone', v ?? '')} />
        <TextInput label={t('reference')} description={t('referenceHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} maxLength={200} {...field('reference')} />
        <TagsInput label={t('tags')} description={t('tagHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} maxTags={50} {...field('tags')} />
      </Part>
      <Part legend={t('reach')}>
        <TextInput label={t('email')} type="email" maxLength={254} {...field('email')} />
        <TextInput label={t('mobile')} type="tel" placeholder={prefix} {...field('mobile')} />
        <TextInput label={t('landline')} type="tel" placeholder={prefix} {...field('landline')} />
        <TextInput label={t('fax')} type="tel" placeholder={prefix} {...field('fax')} />
        <TextInput label={t('website')} type="url" placeholder="https://" maxLength={300} {...field('website')} />
      </Part>
      <Part legend={t('place')}>
        <RegionInput label={t('state')} country={form.values.country} maxLength={120} {...field('state')} />
        <TextInput label={t('city')} maxLength={120} {...field('city')} />
        <TextInput label={t('address')} maxLength={500} {...field('address')} />
        <TextInput label={t('zip')} maxLength={20} {...field('zip')} />
        <TextInput label={t('addressReference')} maxLength={500} {...field('addressReference')} />
      </Part>
      {staff && (
        <>
          <Part legend={t('services')} cols={3}>
            {toggle('web')}{toggle('ios')}{toggle('android')}{toggle('smsOn')}{toggle('emailOn')}{toggle('monitoring')}{toggle('commands')}
          </Part>
          <Part legend={t('account')}>
            <NumberInput label={t('cutOffDay')} description={t('cutOffHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} min={1} max={31} allowDecimal={false} {...field('cutOffDay')} />
            {stored && <DateInput label={t('paidThrough')} clearable valueFormat="L" {...field('paidThrough')} />}
            <NumberInput label={t('smsBudget')} description={t('smsBudgetHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} min={0} max={10_000_000} allowDecimal={false} {...field('smsBudget')} />
            <Select label={t('defaultUserRole')} allowDeselect={false} data={[{ value: 'customerUser', label: t('customerUser') }, { value: 'customerAdmin', label: t('customerAdmin') }]} {...field('defaultUserRole')} />
            {(Boolean(plan?.trialDays) || stored?.trial) && <Switch mt="xl" label={t('trial')} description={plan?.trialDays ? t('trialDays', { n: plan.trialDays }) : undefined} {...form.getInputProps('trial', { type: 'checkbox' })} />}
            {toggle('employee', t('employeeHint'))}
            <Switch label={t('reseller')} description={t('resellerHint')} {...form.getInputProps('reseller', { type: 'checkbox' })} />
            {views.length > 0 && <Select label={t('landingView')} description={t('landingHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} clearable placeholder={t('landingUsual')} data={views} {...field('landingView')} value={form.values.landingView || null} onChange={(v) => form.setFieldValue('landingView', v ?? '')} />}
            {stored && <Switch label={t('suspended')} {...form.getInputProps('suspended', { type: 'checkbox' })} />}
            {stored && form.values.suspended && <TextInput label={t('suspendReason')} maxLength={500} {...field('suspendReason')} />}
            {stored && <Switch label={t('internalSystem')} {...form.getInputProps('internalSystem', { type: 'checkbox' })} />}
          </Part>
          {stored && form.values.internalSystem && <Alert color="yellow" role="note">{t('internalHint')}</Alert>}
        </>
      )}
      <Textarea label={t('notes')} description={t('notesHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} autosize minRows={2} maxRows={8} maxLength={2000} {...field('notes')} />
    </>
  );
}

function Part({ legend, cols = 2, children }: { legend: string; cols?: number; children: ReactNode }) {
  return (
    <Fieldset legend={legend} variant="filled" radius="md">
      <SimpleGrid cols={{ base: 1, xs: 2, sm: cols }} spacing="md" verticalSpacing="sm">{children}</SimpleGrid>
    </Fieldset>
  );
}
