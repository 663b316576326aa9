# formal.mk - proofs and mutants of rtl/ (docs/rtl-formal.md).

.PHONY: formal
formal: deps-develop ## prove the parts of the RTL; PROOFS=names, or MUTATE=1: each must fail with its change
	@sh tests/formal/run.sh $(if $(MUTATE),--mutate) $(PROOFS)
