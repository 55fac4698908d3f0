"""Letters about approved plans: who visits is told where and when, a cell which team comes."""
