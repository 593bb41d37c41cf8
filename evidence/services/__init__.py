"""What Crossref, PubMed and ClinicalTrials.gov answer, read into our records: plain Python."""
