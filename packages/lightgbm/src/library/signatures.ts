/**
 * What is called of LightGBM's C API (`include/LightGBM/c_api.h` of 4.x). Every pointer is `void *`: what is passed is a
 * typed array, which the callee reads or fills, or an address. So one declaration serves calls on this thread and calls
 * with the addresses of another thread's arrays.
 */
export const SIGNATURES = {
  LGBM_DumpParamAliases: 'int LGBM_DumpParamAliases(int64_t room, void *outLength, void *out)',
  LGBM_SetMaxThreads: 'int LGBM_SetMaxThreads(int threads)',
  LGBM_GetMaxThreads: 'int LGBM_GetMaxThreads(void *out)',
  LGBM_GetSampleCount: 'int LGBM_GetSampleCount(int32_t rows, const char *parameters, void *out)',
  LGBM_SampleIndices:
    'int LGBM_SampleIndices(int32_t rows, const char *parameters, void *out, void *outLength)',
  LGBM_DatasetCreateFromMat:
    'int LGBM_DatasetCreateFromMat(void *data, int type, int32_t rows, int32_t columns, int isRowMajor, const char *parameters, void *reference, void *out)',
  LGBM_DatasetCreateFromSampledColumn:
    'int LGBM_DatasetCreateFromSampledColumn(void *samples, void *indices, int32_t columns, void *counts, int32_t sampleRows, int32_t localRows, int64_t allRows, const char *parameters, void *out)',
  LGBM_DatasetCreateByReference:
    'int LGBM_DatasetCreateByReference(void *reference, int64_t rows, void *out)',
  LGBM_DatasetPushRows:
    'int LGBM_DatasetPushRows(void *dataset, void *data, int type, int32_t rows, int32_t columns, int32_t start)',
  LGBM_DatasetFree: 'int LGBM_DatasetFree(void *dataset)',
  LGBM_DatasetGetNumData: 'int LGBM_DatasetGetNumData(void *dataset, void *out)',
  LGBM_DatasetGetNumFeature: 'int LGBM_DatasetGetNumFeature(void *dataset, void *out)',
  LGBM_DatasetSetField:
    'int LGBM_DatasetSetField(void *dataset, const char *field, void *data, int length, int type)',
  LGBM_DatasetSetFeatureNames: 'int LGBM_DatasetSetFeatureNames(void *dataset, void *names, int count)',
  LGBM_BoosterCreate: 'int LGBM_BoosterCreate(void *dataset, const char *parameters, void *out)',
  LGBM_BoosterLoadModelFromString:
    'int LGBM_BoosterLoadModelFromString(const char *text, void *outIterations, void *out)',
  LGBM_BoosterFree: 'int LGBM_BoosterFree(void *booster)',
  LGBM_BoosterMerge: 'int LGBM_BoosterMerge(void *booster, void *other)',
  LGBM_BoosterAddValidData: 'int LGBM_BoosterAddValidData(void *booster, void *dataset)',
  LGBM_BoosterResetParameter: 'int LGBM_BoosterResetParameter(void *booster, const char *parameters)',
  LGBM_BoosterUpdateOneIter: 'int LGBM_BoosterUpdateOneIter(void *booster, void *outFinished)',
  LGBM_BoosterUpdateOneIterCustom:
    'int LGBM_BoosterUpdateOneIterCustom(void *booster, void *gradient, void *hessian, void *outFinished)',
  LGBM_BoosterRollbackOneIter: 'int LGBM_BoosterRollbackOneIter(void *booster)',
  LGBM_BoosterGetCurrentIteration: 'int LGBM_BoosterGetCurrentIteration(void *booster, void *out)',
  LGBM_BoosterGetNumClasses: 'int LGBM_BoosterGetNumClasses(void *booster, void *out)',
  LGBM_BoosterGetNumFeature: 'int LGBM_BoosterGetNumFeature(void *booster, void *out)',
  LGBM_BoosterGetEvalCounts: 'int LGBM_BoosterGetEvalCounts(void *booster, void *out)',
  LGBM_BoosterGetEvalNames:
    'int LGBM_BoosterGetEvalNames(void *booster, int count, void *outCount, size_t width, void *outWidth, void *out)',
  LGBM_BoosterGetFeatureNames:
    'int LGBM_BoosterGetFeatureNames(void *booster, int count, void *outCount, size_t width, void *outWidth, void *out)',
  LGBM_BoosterGetEval: 'int LGBM_BoosterGetEval(void *booster, int data, void *outLength, void *out)',
  LGBM_BoosterGetNumPredict: 'int LGBM_BoosterGetNumPredict(void *booster, int data, void *outLength)',
  LGBM_BoosterGetPredict: 'int LGBM_BoosterGetPredict(void *booster, int data, void *outLength, void *out)',
  LGBM_BoosterCalcNumPredict:
    'int LGBM_BoosterCalcNumPredict(void *booster, int rows, int kind, int start, int iterations, void *out)',
  LGBM_BoosterPredictForMat:
    'int LGBM_BoosterPredictForMat(void *booster, void *data, int type, int32_t rows, int32_t columns, int isRowMajor, int kind, int start, int iterations, const char *parameters, void *outLength, void *out)',
  LGBM_BoosterSaveModelToString:
    'int LGBM_BoosterSaveModelToString(void *booster, int start, int iterations, int importance, int64_t room, void *outLength, void *out)',
  LGBM_BoosterDumpModel:
    'int LGBM_BoosterDumpModel(void *booster, int start, int iterations, int importance, int64_t room, void *outLength, void *out)',
  LGBM_BoosterFeatureImportance:
    'int LGBM_BoosterFeatureImportance(void *booster, int iterations, int kind, void *out)',
} as const;

/** A function of the C API. */
export type NativeFunction = keyof typeof SIGNATURES;

/** What goes to the C API: numbers, text, memory, an address, or a null pointer. */
export type NativeArgument = number | bigint | string | ArrayBufferView | null;
