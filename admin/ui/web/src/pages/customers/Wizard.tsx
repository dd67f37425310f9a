// A new customer in three steps: who it is, who runs it, what it may use. It is
// made at the end in one request, so that nothing is left half done.
import { Alert, Button, Group, Modal, SimpleGrid, Stack, Stepper, Text, TextInput, Title } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useMediaQuery, useWindowEvent } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { http, Problem, type Schemas } from '@/api/client';
import { useT } from '@/i18n';
import { ActivationFields, activationOf, ActivationResult, useActivationReady } from '@/parts/Activation';
import { clean, filled } from '@/parts/clean';
import { ModuleTicks, useModules } from '@/parts/ModuleTicks';
import { fieldErrors } from '@/parts/problems';
import { Details } from './form/Details';
import { useChoices } from './form/choices';
import { emptyValues, inputOf, type Values, type WizardValues } from './form/values';
import { words } from './words';

const empty: WizardValues = {
  ...emptyValues, modules: [],
  admin: { firstName: '', lastName: '', email: '', username: '', phone: '', activation: { method: 'email', password: '' } },
};

/** stepOf says on which step a field of the API stands. */
const stepOf = (path: string) => (path.startsWith('admin') ? 1 : path.startsWith('modules') ? 2 : 0);

export function Wizard({ onClose, parent = '' }: { onClose: () => void; parent?: string }) {
  const t = useT(words);
  const client = useQueryClient();
  const narrow = useMediaQuery('(max-width: 48em)');
  const [step, setStep] = useState(0);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<Schemas['CustomerMade'] & { name: string }>();
  const form = useForm<WizardValues>({ initialValues: { ...empty, parent } });
  const v = form.values;
  const { company, plans, planOf } = useChoices(v);
  const offered = useModules(company);
  const plan = planOf(v.plan);
  const available = plan?.modules?.length ? plan.modules : offered.filter((m) => m.on).map((m) => m.module);
  const ready = useActivationReady(v.admin.activation);
  useWindowEvent('beforeunload', (e) => { if (!made && form.isDirty()) e.preventDefault(); });
  useEffect(() => { // all that the plan has is ticked to begin with
    form.setFieldValue('modules', available);
  }, [v.plan, offered.length]);

  const must = filled(t('required'));
  const check = (at: number): boolean => {
    const errors: Record<string, string | null> = at === 0
      ? { name: must(v.name), code: must(v.code), country: must(v.country), plan: plans.length && !v.parent ? must(v.plan) : null }
      : at === 1 ? { 'admin.firstName': must(v.admin.firstName), 'admin.email': must(v.admin.email), 'admin.activation.password': v.admin.activation.method === 'password' ? must(v.admin.activation.password) : null } : {};
    const bad = Object.entries(errors).filter(([, e]) => e);
    form.setErrors(Object.fromEntries(bad));
    form.getInputNode(bad[0]?.[0] ?? '')?.focus();
    return bad.length === 0;
  };
  const steps = [t('stepDetails'), t('stepUser'), t('stepModules')];
  const next = () => check(step) && setStep(step + 1);

  const finish = async (again: boolean) => {
    for (const at of [0, 1]) if (!check(at)) return setStep(at);
    setBusy(true);
    setFailure('');
    try {
      const { activation, ...person } = v.admin;
      const { modules, admin: _, ...details } = v;
      const body = { ...inputOf(details), modules, admin: { ...clean(person), activation: activationOf(activation) } };
      const { data } = await http.POST('/api/v1/customers', { body });
      await client.invalidateQueries({ queryKey: ['customers'] });
      form.setInitialValues({ ...empty, parent });
      form.reset();
      setStep(0);
      // A link is shown once, so "add another" waits until it was seen.
      if (!again || data!.activation?.link) setMade({ ...data!, name: v.name });
    } catch (err) {
      const errors = fieldErrors(err), paths = Object.keys(errors);
      form.setErrors(errors);
      if (paths.length) setStep(Math.min(...paths.map(stepOf)));
      const unseen = paths.filter((p) => form.getInputProps(p).value === undefined).map((p) => `${p}: ${errors[p]}`);
      setFailure(unseen.join('\n') || (paths.length ? '' : err instanceof Problem ? err.message : String(err)));
    } finally {
      setBusy(false);
    }
  };
  const close = () => (form.isDirty() && !made ? setAsking(true) : onClose());

  return (
    <Modal opened onClose={close} title={made ? t('madeTitle', { name: made.name }) : t('new')} size={860} fullScreen={narrow} closeButtonProps={{ 'aria-label': t('close') }}>
      {made ? <Made made={made} onClose={onClose} onAnother={() => setMade(undefined)} /> : (
        <form noValidate onSubmit={(e) => { e.preventDefault(); if (step < 2) next(); else void finish(false); }}>
          <Stack>
            <Stepper active={step} onStepClick={(to) => { if (to < step || check(step)) setStep(to); }} size="sm" allowNextStepsSelect={false}>
              {steps.map((label, i) => <Stepper.Step key={label} label={narrow ? undefined : label} aria-label={narrow ? `${i + 1} ${label}` : undefined} />)}
            </Stepper>
            {narrow && <Title order={3} size="h5">{steps[step]}</Title>}
            {failure && <Alert color="red" role="alert">{failure}</Alert>}
            {step === 0 && <Details form={form as unknown as UseFormReturnType<Values>} />}
            {step === 1 && <Admin form={form} />}
            {step === 2 && (
              <>
                <Text size="sm" c="dimmed">{t('modulesHint')}</Text>
                <ModuleTicks company={company} available={available} value={v.modules} onChange={(m) => form.setFieldValue('modules', m)} />
              </>
            )}
            {asking ? (
              <Alert color="yellow" title={t('leave')} role="alertdialog">
                <Text size="sm" mb="xs">{t('leaveText')}</Text>
                <Group gap="xs"><Button size="xs" variant="default" onClick={() => setAsking(false)}>{t('stay')}</Button>
                  <Button size="xs" color="red" onClick={onClose}>{t('discard')}</Button></Group>
              </Alert>
            ) : (
              <Group justify="space-between">
                <Button variant="default" onClick={step ? () => setStep(step - 1) : close}>{step ? t('back') : t('cancel')}</Button>
                <Group gap="xs">
                  {step === 2 && <Button variant="light" loading={busy} disabled={!ready} onClick={() => finish(true)}>{t('another')}</Button>}
                  <Button type="submit" loading={busy} disabled={step > 0 && !ready}>{step < 2 ? t('next') : t('finish')}</Button>
                </Group>
              </Group>
            )}
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function Admin({ form }: { form: UseFormReturnType<WizardValues> }) {
  const t = useT(words);
  return (
    <>
      <Text size="sm" c="dimmed">{t('adminHint')}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TextInput label={t('firstName')} required data-autofocus maxLength={60} {...form.getInputProps('admin.firstName')} />
        <TextInput label={t('lastName')} maxLength={60} {...form.getInputProps('admin.lastName')} />
        <TextInput label={t('email')} required type="email" maxLength={254} {...form.getInputProps('admin.email')} />
        <TextInput label={t('phone')} type="tel" {...form.getInputProps('admin.phone')} />
        <TextInput label={t('username')} description={t('userHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} maxLength={64} {...form.getInputProps('admin.username')} />
      </SimpleGrid>
      <ActivationFields form={form} path="admin.activation" />
    </>
  );
}

/** What came of it, and where to go on. */
function Made({ made, onClose, onAnother }: { made: Schemas['CustomerMade'] & { name: string }; onClose: () => void; onAnother: () => void }) {
  const t = useT(words);
  const id = (made as unknown as Schemas['Customer']).id;
  return (
    <Stack>
      {made.activation && made.admin && <ActivationResult result={made.activation} email={made.admin.email} name={made.admin.name} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onAnother}>{t('addAnother')}</Button>
        <Button variant="light" component={Link} to={`/customers/${id}?tab=users` as string}>{t('usersAndRoles')}</Button>
        <Button variant="light" component={Link} to={`/customers/${id}` as string}>{t('openPanel')}</Button>
        <Button onClick={onClose}>{t('close')}</Button>
      </Group>
    </Stack>
  );
}
