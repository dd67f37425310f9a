import { SharesOf } from '@/pages/shares';
import type { TabProps } from '../tabs';

/** The temporary links with which others see a customer's devices. */
export default function Shares({ customer }: TabProps) {
  return <SharesOf owner={customer.id} />;
}
