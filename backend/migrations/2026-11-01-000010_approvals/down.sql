DROP TABLE approval_decisions;
DROP TABLE approvals;
DROP TABLE approval_policies;
