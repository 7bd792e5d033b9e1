import { describe, expect, it } from 'vitest';
import { compact, compactNumber, editable, ledger, MINUS, parseMinor, signedLedger } from './money';

const zh = (minor: number, currency = 'CNY') => compact(minor, currency, 'zh-CN').replaceAll('\u00a0', ' ');
const en = (minor: number, currency = 'CNY') => compact(minor, currency, 'en').replaceAll('\u00a0', ' ');

describe('ledger money', () => {
  it('always shows the minor units of its currency and groups thousands', () => {
    expect(ledger(123400, 'CNY')).toBe('¥1,234.00');
    expect(ledger(5, 'CNY')).toBe('¥0.05');
    expect(ledger(0, 'TWD')).toBe('NT$0.00');
    expect(ledger(1234567, 'JPY')).toBe('JP¥1,234,567');
    expect(ledger(1234567, 'KWD').replace('\u00a0', ' ')).toBe('KWD 1,234.567');
  });
  it('writes a negative amount with the minus sign, in front of the currency', () => {
    expect(ledger(-9321480, 'CNY')).toBe(`${MINUS}¥93,214.80`);
    expect(signedLedger(100, 'CNY')).toBe('+¥1.00');
    expect(signedLedger(0, 'CNY')).toBe('¥0.00');
  });
  it('is exact where a float would not be', () => {
    expect(ledger(9_007_199_254_740_991, 'CNY')).toBe('¥90,071,992,547,409.91');
  });
});

describe('compact money', () => {
  it('uses 万 and 亿 with fixed decimals per step', () => {
    expect(zh(486_234_000_000)).toBe('¥48.62 亿');
    expect(zh(864_000_000)).toBe('¥864 万');
    expect(zh(8_632_000)).toBe('¥8.6 万');
    expect(zh(8_000_000)).toBe('¥8.0 万');
    expect(zh(723_049)).toBe('¥7,230');
  });
  it('uses K, M and B in English', () => {
    expect(en(486_000_000_000)).toBe('¥4.86B');
    expect(en(864_000_000)).toBe('¥8.6M');
    expect(en(8_632_000)).toBe('¥86.3K');
    expect(en(723_049)).toBe('¥7,230');
  });
  it('chooses the step after rounding', () => {
    expect(zh(999_960)).toBe('¥1.0 万');
    expect(zh(996_000)).toBe('¥9,960');
    expect(zh(99_996_000)).toBe('¥100 万');
    expect(zh(9_999_960_000)).toBe('¥1.00 亿');
    expect(en(99_995_000)).toBe('¥1.0M');
  });
  it('keeps the sign but never writes a negative zero', () => {
    expect(zh(-8_632_000)).toBe(`${MINUS}¥8.6 万`);
    expect(compactNumber(-0.2, 'en').text).toBe('0');
  });
});

describe('typed amounts', () => {
  it('reads grouped figures into minor units', () => {
    expect(parseMinor('12,345.6', 'CNY')).toBe(1_234_560);
    expect(parseMinor(' 300 000 ', 'CNY')).toBe(30_000_000);
    expect(parseMinor('5', 'JPY')).toBe(5);
  });
  it('refuses what is no amount of the currency', () => {
    for (const text of ['', 'abc', '1.234', '-5', '1e9', '99999999999999'])
      expect(parseMinor(text, 'CNY')).toBeNull();
    expect(parseMinor('5.5', 'JPY')).toBeNull();
  });
  it('writes what it reads', () => {
    for (const minor of [0, 5, 100, 123_456_789])
      expect(parseMinor(editable(minor, 'CNY'), 'CNY')).toBe(minor);
  });
});
