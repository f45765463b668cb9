import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Radio } from '../radio/radio';

export const RadioContext = createContext<Radio | undefined>(undefined);

export function useRadio(): Radio {
  const radio = useContext(RadioContext);
  if (!radio) throw new Error('a component stands outside of RadioContext');
  return radio;
}
