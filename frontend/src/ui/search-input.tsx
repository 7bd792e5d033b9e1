import { Input } from 'antd';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';

interface SearchInputProps {
  label: string;
  value: string | undefined;
  /** With Enter or the clearing cross; not while typing, as every search is recorded. */
  onSearch: (text: string | undefined) => void;
  /** The longest text that the server takes. */
  max_length: number;
  placeholder?: string;
  className?: string;
  width?: number;
}

export function SearchInput({
  label,
  value,
  onSearch,
  max_length,
  placeholder = label,
  className,
  width,
}: SearchInputProps) {
  const [text, setText] = useState(value ?? '');
  useEffect(() => setText(value ?? ''), [value]);
  return (
    <Input
      className={className}
      prefix={<Search size={15} color="var(--text-3)" aria-hidden />}
      aria-label={label}
      placeholder={placeholder}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onPressEnter={() => onSearch(text.trim() || undefined)}
      onClear={() => onSearch(undefined)}
      allowClear
      autoComplete="off"
      spellCheck={false}
      maxLength={max_length}
      style={{ width }}
    />
  );
}
