-- An age in a filter is a span of birth dates. Where only an age was stated, the birth date it stands for is as many years
-- before the day it was stated; one expression over both, so that one range of one index answers.
CREATE INDEX cardholders_born_on_idx ON cardholders ((coalesce(birth_on, (stated_age_on - make_interval(years => stated_age_years::int))::date)));
