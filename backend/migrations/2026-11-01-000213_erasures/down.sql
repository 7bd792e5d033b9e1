DROP TABLE erased_marks;
DROP TABLE erased_cardholders;
DROP TABLE legal_holds;
