select * from emission_results
