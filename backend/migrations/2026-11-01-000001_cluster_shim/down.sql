DROP FUNCTION cardea_distribute(regclass, text, text);
