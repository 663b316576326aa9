# formal.mk - proofs and mutants of rtl/ (docs/rtl-formal.md).

.PHONY: formal
formal: ## prove the parts of the RTL; PROOFS=names, or MUTATE=1: each must fail with its change
	@sh tools/deps-rtl.sh
	@sh tests/formal/run.sh $(if $(MUTATE),--mutate) $(PROOFS)
